import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { type Authority, openAuthority } from '../../certs/authority.js';
import { CertificateError } from '../../certs/certificate-error.js';
import { inspect } from '../../certs/inspect.js';
import { openJudge } from '../../certs/judge.js';
import { DAY_MS } from '../../certs/period.js';
import { readRevocations, readTrust } from '../../certs/trust.js';
import { temporaryHome } from './handshakes.js';
import { keyPair, request } from './requests.js';

let home: Awaited<ReturnType<typeof temporaryHome>>;
let authority: Authority;

beforeAll(async () => {
  home = await temporaryHome();
  authority = await openAuthority(home.path);
});

afterAll(() => home[Symbol.asyncDispose]());

describe('the authority refuses to issue', () => {
  test.each(['', '../root', 'a/b', 'District', 'a..b', '-a', 'x'.repeat(64), 'gateway', 'ca', 'a\nb'])(
    'to the name %j',
    async (name) => {
      await expect(authority.issueClient({ name, stage: 'FORMAL' })).rejects.toThrow(CertificateError);
      await expect(authority.handOut(name, {} as never)).rejects.toThrow(CertificateError);
    },
  );

  test('for a stage that is none, though the root could sign', async () => {
    await expect(authority.issueClient({ name: 'a', stage: 'ROOT' as 'TEST' })).rejects.toThrow('no stage');
  });

  test.each(['', ' ', 'a\u0000b', '甲'.repeat(65)])('to the organisation %j', async (organisation) => {
    await expect(authority.issueClient({ name: 'a', stage: 'TEST', organisation })).rejects.toThrow(
      CertificateError,
    );
  });

  test.each([
    { days: 0 },
    { days: 1.5 },
    { days: Number.NaN },
    { days: 3651 },
    { notAfter: new Date(0) },
    { notAfter: new Date(Number.NaN) },
    { notAfter: new Date(Date.now() + 20 * 365 * DAY_MS) },
  ])('for the period %j', async (period) => {
    await expect(authority.issueClient({ name: 'a', stage: 'TEST', ...period })).rejects.toThrow(
      CertificateError,
    );
  });

  test.each(['not a host', 'a/b', 'exa_mple', ''])('to the server name %j', async (name) => {
    await expect(authority.serverCredentials([name])).rejects.toThrow(CertificateError);
  });

  test('what it refused is in no index', async () => {
    expect(await authority.list('a')).toEqual([]);
  });
});

describe('a request is refused', () => {
  const order = { name: 'own-key', stage: 'FORMAL' } as const;

  test('when it is none', async () => {
    await expect(authority.issueFromCsr('-----BEGIN', order)).rejects.toThrow('no PKCS #10');
  });

  test('when its signature is of another key', async () => {
    const csr = request({ bits: 2048, signer: keyPair(2048).privateKey });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('possession');
  });

  test('when its key is short', async () => {
    await expect(authority.issueFromCsr(request({ bits: 1024 }), order)).rejects.toThrow('2048');
  });

  test('when its exponent is small', async () => {
    const csr = request({ bits: 2048, publicExponent: 3 });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('65537');
  });

  test('when it is signed over SHA-1', async () => {
    const csr = request({ bits: 2048, digest: forge.md.sha1.create() });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('SHA-256');
  });
});

describe('a client certificate', () => {
  test('is v3, of 2048 bits, for clientAuth alone, and names the tenant and its organisation', async () => {
    const issued = await authority.issueClient({
      name: 'district-310101',
      stage: 'FORMAL',
      organisation: '黄浦区建筑能耗监测平台',
      days: 90,
    });

    const leaf = new X509Certificate(issued.certificate);
    const { FORMAL } = readTrust(await readFile(authority.bundlePath, 'utf8'));
    expect(leaf.verify(FORMAL.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
    expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(inspect(issued.certificate)).toMatchObject({
      subject: 'O=黄浦区建筑能耗监测平台, CN=district-310101',
      name: 'district-310101',
      usages: ['clientAuth'],
      isAuthority: false,
      fingerprint: issued.fingerprint,
      serial: issued.serial,
      notAfter: issued.notAfter,
    });
    expect(issued.serial).toMatch(/^[0-7][0-9a-f]{31}$/);
    expect(issued.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(issued.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test('for a request bears its key and neither its name nor its extensions', async () => {
    const pair = keyPair(2048);
    const issued = await authority.issueFromCsr(request({ bits: 2048, pair }), {
      name: 'own',
      stage: 'TEST',
    });

    const leaf = new X509Certificate(issued.certificate);
    expect(leaf.checkPrivateKey(createPrivateKey(pair.privateKey))).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(inspect(issued.certificate)).toMatchObject({ subject: 'CN=own', usages: ['clientAuth'] });
    expect(openJudge(home.path).stageOf(issued.certificate)).toEqual({ stage: 'TEST' });
  });

  test('is handed out with a key that others cannot read', async () => {
    const issued = await authority.issueClient({ name: 'service-co', stage: 'FORMAL' });

    const paths = await authority.handOut('service-co', issued);

    expect(paths.key).toBe(join(home.path, 'certs', 'service-co.key'));
    expect((await stat(paths.key!)).mode & 0o777).toBe(0o600);
    expect(await readFile(paths.key!, 'utf8')).toBe(issued.key);
    expect(await readFile(paths.certificate, 'utf8')).toBe(issued.certificate);
  });
});

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

describe('the hub’s own certificates', () => {
  test('stay the same while they are good', async () => {
    expect(await authority.serverCredentials()).toEqual(await authority.serverCredentials());
    expect(await authority.gatewayCredentials()).toEqual(await authority.gatewayCredentials());
    expect(await authority.signingCredentials()).toEqual(await authority.signingCredentials());
  });

  test('the server’s is renewed for a new name and keeps it for the old ones', async () => {
    const local = await authority.serverCredentials();
    const named = await authority.serverCredentials(['hub.example', '10.0.0.8']);

    const certificate = new X509Certificate(named.certificate);
    expect(named.serial).not.toBe(local.serial);
    expect(certificate.checkHost('hub.example')).toBeDefined();
    expect(certificate.checkIP('10.0.0.8')).toBeDefined();
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect((await authority.serverCredentials()).serial).toBe(named.serial);
  });

  test('are replaced once revoked', async () => {
    const before = await authority.gatewayCredentials();
    await authority.revoke('gateway', 'KEY_COMPROMISE');

    const after = await authority.gatewayCredentials();

    const judge = openJudge(home.path);
    expect(judge.isGateway(before.certificate)).toBe(false);
    expect(judge.isGateway(after.certificate)).toBe(true);
  });

  test('are replaced when the key on disk is not theirs', async () => {
    const before = await authority.signingCredentials();
    await writeFile(join(home.path, 'authority', 'hub-signing.key'), keyPair(2048).privateKey);

    const after = await authority.signingCredentials();

    expect(after.serial).not.toBe(before.serial);
    expect(new X509Certificate(after.certificate).checkPrivateKey(createPrivateKey(after.key))).toBe(true);
    expect(await readFile(join(home.path, 'certs', 'hub-signing.crt'), 'utf8')).toBe(after.certificate);
  });
});
