import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeWith, type TestHome } from './door.js';
import { runHub } from './hub-command.js';
import { blocks, PackageHub } from './package-hub.js';
import { DAY, pulling } from './pulling.js';

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

const pull = (hub: PackageHub, ...more: string[]) => runHub(pulling(home, out, hub, ...more));
const verify = () => runHub(['package', 'verify', out, '--ca', join(home.path, 'certs', 'ca.crt')]);
const inDay = (...names: string[]) => join(out, DAY, 'r1', ...names);

test('a package on disk is verified with ca.crt alone, and every damage to it is named', async () => {
  await using hub = await PackageHub.open(home);
  hub.holds(DAY, 1, blocks(DAY, 40));
  await pull(hub);
  await hub[Symbol.asyncDispose]();
  const whole = await verify();
  const shown = await runHub(['package', 'show', out]);
  const listed = await runHub(['package', 'list', out, '--json']);

  const damage = async (file: string, change: (text: Buffer) => Buffer): Promise<string> => {
    const before = await readFile(inDay(file));
    await writeFile(inDay(file), change(before));
    const { status, err } = await verify();
    await writeFile(inDay(file), before);
    return `${status} ${err.split('\n')[0]}`;
  };
  const changed = (from: string, to: string) => (text: Buffer) =>
    Buffer.from(text.toString().replace(from, to));

  expect(whole.out).toMatch(/signature, hashes and counts hold; 40 blocks, 920 readings; receipt holds/);
  expect(shown.out).toContain('m-lost: NOT_RECEIVED');
  expect(JSON.parse(listed.out)).toMatchObject({
    packages: [{ date: DAY, revision: 1, acknowledged: true }],
  });
  expect(await damage('manifest.json', changed('"blocks":40', '"blocks":41'))).toMatch(
    /^1 SIGNATURE_INVALID/,
  );
  expect(await damage('manifest.jws', () => Buffer.alloc(0))).toMatch(/^1 SIGNATURE_INVALID/);
  expect(await damage('receipt.json', changed('"package"', '"Package"'))).toMatch(/^1 SIGNATURE_INVALID/);
  expect(await damage('1.ndjson.gz', (bytes) => bytes.subarray(1))).toMatch(
    /^1 PACKAGE_DAMAGED: .*1\.ndjson\.gz/,
  );
  expect((await verify()).status).toBe(0);
});

test('a package that holds less than its manifest says is found out by its contents', async () => {
  await using hub = await PackageHub.open(home);
  const lines = blocks(DAY, 40);
  hub.holds(DAY, 1, [...lines.slice(0, 39), lines[39]?.replace(DAY, '2026-11-18') ?? '']);

  const { status, err } = await pull(hub, '--verify-content');

  expect(status).toBe(1);
  expect(err).toMatch(/^PACKAGE_DAMAGED: .*line 40 is no day block of 2026-11-19/);
  expect(hub.acknowledged).toEqual([]);
});
