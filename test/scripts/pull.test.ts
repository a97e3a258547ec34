import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { homeWith, type TestHome } from './door.js';
import { runHub, startHub } from './hub-command.js';
import { blocks, PackageHub } from './package-hub.js';
import { DAY, pulling } from './pulling.js';

const PART = `/packages/pkg_${DAY}_1/parts`;

let home: TestHome;
let out: string;

beforeAll(async () => {
  home = await homeWith('national');
});
afterAll(() => home[Symbol.asyncDispose]());
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'hub-pull-'));
});
afterEach(() => rm(out, { recursive: true }));

const pullArguments = (hub: PackageHub, ...more: string[]) => pulling(home, out, hub, ...more);
const pull = (hub: PackageHub, ...more: string[]) => runHub(pullArguments(hub, ...more));
const verify = () => runHub(['package', 'verify', out, '--ca', join(home.path, 'certs', 'ca.crt')]);
const inDay = (...names: string[]) => join(out, DAY, 'r1', ...names);

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await what().catch(() => false)); tries += 1) {
    if (tries > 400) throw new Error('it did not come to pass');
    await pause(25);
  }
}

test('days that are none, or named twice, are refused before the hub is called', async () => {
  await using hub = await PackageHub.open(home);
  const wrong = [
    ['--date', '2026-02-30'],
    ['--month', '2026-13'],
    ['--from', DAY],
    ['--from', DAY, '--to', '2026-11-18'],
    ['--date', DAY, '--month', '2026-11'],
  ];

  for (const days of wrong) {
    const { status, err } = await pull(hub, ...days);
    expect({ status, code: err.split(':')[0] }).toEqual({ status: 1, code: 'USAGE' });
  }
  expect(hub.requests).toEqual([]);
});

test('a day out of reach is the hub’s refusal, and leaves nothing', async () => {
  await using hub = await PackageHub.open(home);

  const { status, err } = await pull(hub);

  expect({ status, err }).toEqual({
    status: 1,
    err: 'SCOPE_MISSING: No scope for packages.\n  Remedy of SCOPE_MISSING.\n',
  });
  expect(await readdir(out)).toEqual([]);
});

test('a manifest altered, signed by a tenant, or made for another recipient is not believed', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 10));

  hub.manners = { forge: (manifest) => manifest.replace('"blocks":10', '"blocks":11') };
  const altered = await pull(hub);
  hub.manners = { signer: await home.authority.issueClient({ name: 'eve', stage: 'FORMAL' }) };
  const foreign = await pull(hub);
  hub.manners = { recipient: 'service-co' };
  const misdirected = await pull(hub);

  expect(altered.err).toMatch(/^SIGNATURE_INVALID: .*not of these bytes/);
  expect(foreign.err).toMatch(/^SIGNATURE_INVALID: .*not issued by the root/);
  expect(misdirected.err).toMatch(/^PACKAGE_DAMAGED: .*made for service-co/);
  expect([altered.status, foreign.status, misdirected.status]).toEqual([1, 1, 1]);
  expect(hub.requests.filter((url) => url.includes('parts'))).toEqual([]);
  expect(await readdir(inDay())).toEqual([]);
});

test('a part with another hash is never kept under its name nor acknowledged', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 10));
  hub.manners = { spoil: (part) => Buffer.from(part.map((byte, index) => (index === 50 ? byte ^ 1 : byte))) };

  const { status, err } = await pull(hub);

  expect(status).toBe(1);
  expect(err).toMatch(/^PACKAGE_DAMAGED: Part 1 .* another hash/);
  expect(hub.acknowledged).toEqual([]);
  expect((await readdir(inDay())).toSorted()).toEqual(['manifest.json', 'manifest.jws']);
});

test('a day arrives verified and acknowledged, with its receipt, and is skipped at the next run', async () => {
  await using hub = await PackageHub.open(home);
  const parts = [blocks(DAY, 30), blocks(DAY, 20)];
  hub.holds(DAY, 1, ...parts);

  const first = await pull(hub, '--verify-content', '--json');
  const requested = hub.requests.splice(0);
  const second = await pull(hub, '--json');

  expect(JSON.parse(first.out)).toMatchObject({
    days: [
      {
        date: DAY,
        revision: 1,
        blocks: 50,
        readings: 50 * 23,
        missing: 1,
        fetched: 2,
        outcome: 'acknowledged',
      },
    ],
    blocks: 50,
  });
  expect((await readdir(inDay())).toSorted()).toEqual([
    '1.ndjson.gz',
    '2.ndjson.gz',
    'manifest.json',
    'manifest.jws',
    'receipt.json',
    'receipt.jws',
  ]);
  expect(gunzipSync(await readFile(inDay('2.ndjson.gz'))).toString()).toBe(`${parts[1]?.join('\n')}\n`);
  expect(requested).toEqual([`/packages/pkg_${DAY}_1/manifest`, `${PART}/1`, `${PART}/2`]);
  expect(JSON.parse(second.out)).toMatchObject({ days: [{ outcome: 'skipped', fetched: 0 }] });
  expect(hub.requests).toEqual([]);
  expect(hub.acknowledged).toHaveLength(1);
});

test('a newer revision is downloaded beside the older', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 5));
  await pull(hub);
  hub.holds(DAY, 2, blocks(DAY, 6));

  const { out: printed } = await pull(hub, '--json');

  expect(JSON.parse(printed)).toMatchObject({ days: [{ revision: 2, blocks: 6, outcome: 'acknowledged' }] });
  expect((await readdir(join(out, DAY))).toSorted()).toEqual(['r1', 'r2']);
});

test('several days come in one run, an empty one among them', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds('2026-11-18', 1, blocks('2026-11-18', 4));
  hub.holds(DAY, 1);
  hub.holds('2026-11-20', 3, blocks('2026-11-20', 5));

  const { status, out: printed } = await pull(hub, '--from', '2026-11-18', '--to', '2026-11-20');

  expect(status).toBe(0);
  expect(printed.split('\n').map((line) => line.slice(0, 13))).toEqual([
    '2026-11-18 r1',
    '2026-11-19 r1',
    '2026-11-20 r3',
    '3 days: 9 blo',
    '',
  ]);
});

test('after kill -9 in the middle of a part the next run fetches only the rest', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 20), blocks(DAY, 2000));
  hub.manners = { breakAfter: { bytes: 9000, hangs: true } };
  const size = async (): Promise<number> => (await stat(inDay('2.ndjson.gz.partial'))).size;

  const child = startHub(pullArguments(hub));
  await until(async () => (await size()) === 9000);
  child.kill('SIGKILL');
  await once(child, 'close');
  hub.manners = {};
  const resumed = hub.requests.length;
  const { status, out: printed } = await pull(hub, '--json');

  expect(status).toBe(0);
  expect(hub.requests.slice(resumed)).toEqual([`${PART}/2 bytes=9000-`]);
  expect(JSON.parse(printed)).toMatchObject({ days: [{ fetched: 1, outcome: 'acknowledged' }] });
  expect((await verify()).status).toBe(0);
});

test('what was left damaged on disk is fetched anew, and so is a part of a hub that knows no ranges', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 500), blocks(DAY, 500));
  await pull(hub, '--no-acknowledge');
  const second = await readFile(inDay('2.ndjson.gz'));
  await writeFile(inDay('1.ndjson.gz.partial'), 'not what the hub had sent');
  await rm(inDay('1.ndjson.gz'));
  await truncate(inDay('2.ndjson.gz'), 700);
  await writeFile(inDay('2.ndjson.gz.partial'), second.subarray(0, 100));
  const before = hub.requests.length;

  await pull(hub, '--no-acknowledge', '--json');
  const ranged = hub.requests.slice(before);
  hub.manners = { ignoresRanges: true };
  await rm(inDay('2.ndjson.gz'));
  await writeFile(inDay('2.ndjson.gz.partial'), second.subarray(0, 100));
  const { status } = await pull(hub, '--verify-content');

  expect(ranged).toEqual([`${PART}/1 bytes=25-`, `${PART}/1`, `${PART}/2 bytes=100-`]);
  expect(status).toBe(0);
  expect(await readFile(inDay('2.ndjson.gz'))).toEqual(second);
});

test('a connection that breaks goes on where it broke, as long as something arrives', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 300));
  hub.manners = { breakAfter: { bytes: 8000, hangs: false } };

  const { status, err } = await pull(hub, '--retries', '1');

  expect(status).toBe(0);
  expect(err).toMatch(/The connection to .* broke .*Trying again in 1 s/);
  const ranges = hub.requests.filter((url) => url.startsWith(PART)).map((url) => url.split(' ')[1]);
  expect(ranges.slice(0, 3)).toEqual([undefined, 'bytes=8000-', 'bytes=16000-']);
});
