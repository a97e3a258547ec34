import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Authority, openAuthority } from '../../certs/authority.js';
import { openJudge } from '../../certs/judge.js';
import { DAY_MS } from '../../certs/period.js';
import { readRevocations, readTrust } from '../../certs/trust.js';
import { temporaryHome } from './handshakes.js';

let home: Awaited<ReturnType<typeof temporaryHome>>;
let authority: Authority;

beforeAll(async () => {
  home = await temporaryHome();
  authority = await openAuthority(home.path);
});

afterAll(() => home[Symbol.asyncDispose]());

describe('the store', () => {
  test('keeps its folder and every key from others, and mends what was opened', async () => {
    await authority.gatewayCredentials();
    const vault = join(home.path, 'authority');
    await chmod(join(vault, 'root.key'), 0o644);
    await chmod(vault, 0o755);

    await openAuthority(home.path);

    expect((await stat(vault)).mode & 0o777).toBe(0o700);
    const keys = (await readdir(vault)).filter((file) => file.endsWith('.key'));
    expect(keys.toSorted()).toEqual(
      expect.arrayContaining(['formal.key', 'gateway.key', 'root.key', 'test.key']),
    );
    for (const key of keys) expect((await stat(join(vault, key))).mode & 0o777).toBe(0o600);
  });

  test('opened again holds the same authorities and makes no new ones', async () => {
    const before = await authority.authorities();

    expect(await (await openAuthority(home.path)).authorities()).toEqual(before);
  });

  test('does not replace a lost root in silence', async () => {
    await using other = await temporaryHome();
    await openAuthority(other.path);
    await rm(join(other.path, 'authority', 'root.crt'));

    await expect(openAuthority(other.path)).rejects.toThrow('restore it');
  });

  test('starts afresh after a first start that was killed half-way', async () => {
    await using other = await temporaryHome();
    const half = join(other.path, '.authority.founding-1');
    await mkdir(half);
    await writeFile(join(half, 'root.key'), 'half a key');
    await writeFile(
      join(other.path, 'authority.lock'),
      JSON.stringify({ token: 'x', pid: 0x7fffffff, host: hostname() }),
    );

    await openAuthority(other.path);

    expect((await readdir(other.path)).toSorted()).toEqual(['authority', 'certs']);
  });

  test('refuses a damaged index rather than forget a revocation', async () => {
    await using other = await temporaryHome();
    const opened = await openAuthority(other.path);
    await writeFile(join(other.path, 'authority', 'certificates.jsonl'), '{"serial":\n');

    await expect(opened.list()).rejects.toThrow('line 1');
    await expect(openAuthority(other.path)).rejects.toThrow('line 1');
  });
});

describe('revocation', () => {
  test('of what was never issued is refused', async () => {
    await expect(authority.revoke('nobody')).rejects.toThrow('nobody');
  });

  test('of a name takes all its certificates, of one stage where a stage is given', async () => {
    const trial = await authority.issueClient({ name: 'mover', stage: 'TEST' });
    const first = await authority.issueClient({ name: 'mover', stage: 'FORMAL' });
    const second = await authority.issueClient({ name: 'mover', stage: 'FORMAL' });

    const gone = await authority.revoke('mover', 'SUPERSEDED', { stage: 'FORMAL' });

    expect(gone.map(({ serial }) => serial)).toEqual([first.serial, second.serial]);
    const judge = openJudge(home.path);
    expect(judge.stageOf(first.certificate)).toEqual({ problem: 'REVOKED' });
    expect(judge.stageOf(second.certificate)).toEqual({ problem: 'REVOKED' });
    expect(judge.stageOf(trial.certificate)).toEqual({ stage: 'TEST' });
  });

  test('takes a fingerprint with colons in capitals, and keeps the first date and reason', async () => {
    const issued = await authority.issueClient({ name: 'twice', stage: 'TEST' });
    const [first] = await authority.revoke(
      new X509Certificate(issued.certificate).fingerprint256,
      'KEY_COMPROMISE',
    );

    expect(await authority.revoke(issued.serial, 'SUPERSEDED')).toEqual([first]);
    expect(first).toMatchObject({ name: 'twice', reason: 'KEY_COMPROMISE' });
  });

  test('that was entered in the index before a crash is published at the next start', async () => {
    await using other = await temporaryHome();
    const issued = await (await openAuthority(other.path)).issueClient({ name: 'gone', stage: 'FORMAL' });
    const index = join(other.path, 'authority', 'certificates.jsonl');
    const text = await readFile(index, 'utf8');
    await writeFile(index, text.replace('"revokedAt":null', '"revokedAt":"2026-01-01T00:00:00.000Z"'));
    expect(openJudge(other.path).stageOf(issued.certificate)).toEqual({ stage: 'FORMAL' });

    await openAuthority(other.path);

    expect(openJudge(other.path).stageOf(issued.certificate)).toEqual({ problem: 'REVOKED' });
  });
});

describe('the revocation lists', () => {
  test('forget nothing that an index restored from an old backup does not know', async () => {
    await using other = await temporaryHome();
    const opened = await openAuthority(other.path);
    const gone = await opened.issueClient({ name: 'gone', stage: 'TEST' });
    const index = join(other.path, 'authority', 'certificates.jsonl');
    const backup = await readFile(index);
    await opened.revoke('gone');
    await writeFile(index, backup);

    await opened.issueClient({ name: 'next', stage: 'TEST' });
    await opened.revoke('next');

    expect(openJudge(other.path).stageOf(gone.certificate)).toEqual({ problem: 'REVOKED' });
  });

  test('grow in number though the clock was set back', async () => {
    const trust = readTrust((await authority.authorities()).join(''));
    const before = readRevocations((await authority.crls()).join(''), trust).TEST;

    const lists = await authority.crls(new Date(Date.now() - 3_600_000));

    expect(readRevocations(lists.join(''), trust).TEST.number).toBeGreaterThan(before.number);
  });

  test('are left alone while half their life is left, and renewed with a higher number afterwards', async () => {
    const lists = await authority.crls();
    expect(lists).toHaveLength(3);
    expect(await authority.crls(new Date(Date.now() + 14 * DAY_MS))).toEqual(lists);

    const later = new Date(Date.now() + 16 * DAY_MS);
    const renewed = await authority.crls(later);

    const trust = readTrust((await authority.authorities()).join(''));
    const old = readRevocations(lists.join(''), trust).FORMAL;
    const fresh = readRevocations(renewed.join(''), trust).FORMAL;
    expect(fresh.number).toBeGreaterThan(old.number);
    expect(fresh.nextUpdate.getTime()).toBeGreaterThan(later.getTime() + 29 * DAY_MS);
    expect(fresh.revoked).toEqual(old.revoked);
  });

  test('are made anew when they were lost or damaged', async () => {
    for (const damage of [
      () => rm(authority.revocationsPath),
      () => writeFile(authority.revocationsPath, 'x'),
    ]) {
      await authority.crls();
      await damage();
      expect(await authority.crls()).toHaveLength(3);
      expect(await readFile(authority.revocationsPath, 'utf8')).toContain('BEGIN X509 CRL');
    }
  });
});
