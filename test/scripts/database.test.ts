import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { attachDatabase, openDatabase } from '../../scripts/database/open.js';
import { isAlive } from '../../scripts/database/process.js';
import { readRecord } from '../../scripts/database/record.js';
import { ask, cleanUp, hold, ignore, newFolder, open, serverOf } from './database-homes.js';

const asRoot = process.getuid?.() === 0 ? test : test.skip;

let base: string;

beforeEach(async () => {
  base = await newFolder();
});

afterEach(cleanUp);

test('a password that the server refuses does not show in the error', async () => {
  const { url } = await open(join(base, 'home'));
  const wrong = url.replace(/:[0-9a-f]+@/, ':s3cret%2Fword@');

  const fault = await openDatabase({ home: base, url: wrong, log: ignore }).catch((error: unknown) => error);

  expect(shown(fault)).toContain('password authentication failed');
  expect(shown(fault)).toContain('postgres@127.0.0.1');
  expect(shown(fault)).not.toMatch(/s3cret/);
});

test.each([
  ['postgres://hub:s3cret@127.0.0.1:1/energy', 'postgres://hub@127.0.0.1:1/energy'],
  ['postgres://hub@127.0.0.1:1/energy?password=s3cret', 'postgres://hub@127.0.0.1:1/energy'],
  ['postgres://hub:s3cret#/%@127.0.0.1:port/energy', 'not a URL'],
])('the error for an address where nobody answers has no password: %s', async (url, named) => {
  const fault = await openDatabase({ home: base, url, log: ignore }).catch((error: unknown) => error);

  expect(shown(fault)).toContain(named);
  expect(shown(fault)).not.toMatch(/s3cret/);
});

test('a second hub on the same home is refused, names the first, and leaves it alone', async () => {
  const home = join(base, 'home');
  const first = await hold(home);

  await expect(openDatabase({ home, log: ignore, patience: 0 })).rejects.toThrow(`process ${first.pid}`);

  expect(await ask(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a second start has the data, the port and the password of the first', async () => {
  const home = join(base, 'home');
  const first = await open(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();

  const second = await open(home);

  expect(second.url).toBe(first.url);
  expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
});

test('the password lies in a file that only its owner reads', async () => {
  const home = join(base, 'home');
  await open(home);

  expect((await stat(join(home, 'keys', 'database.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(home, 'keys'))).mode & 0o777).toBe(0o700);
});

asRoot('as root below a folder that others cannot read, the server runs and keeps its data', async () => {
  await chmod(base, 0o700);
  const home = join(base, 'home');
  const first = await open(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();

  const second = await open(home);

  expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  expect((await readRecord(home))!.dataDir).not.toContain(base);
});

test('a command beside a running hub uses its server and leaves it running', async () => {
  const home = join(base, 'home');
  const hub = await hold(home);

  const beside = await attachDatabase({ home, log: ignore });
  await beside.stop();

  expect(beside.url).toBe(hub.url);
  expect(await ask(hub.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('Chinese characters are letters to the server, so that names can be searched by trigrams', async () => {
  const { url } = await open(join(base, 'home'));
  await ask(url, 'CREATE EXTENSION pg_trgm');

  const [row] = await ask(url, "SELECT cardinality(show_trgm('能源')) AS trigrams");

  expect(row?.['trigrams']).toBeGreaterThan(0);
});

test('stopping leaves no process, no lock and no server behind', async () => {
  const home = join(base, 'home');
  const database = await open(home);
  const server = await serverOf(home);

  await Promise.all([database.stop(), database.stop()]);

  expect(await isAlive(server)).toBe(false);
  await expect(stat(join(home, 'hub.lock'))).rejects.toThrow('ENOENT');
});

function shown(fault: unknown): string {
  if (!(fault instanceof Error)) throw new Error('It was not refused.');
  return `${fault.message}\n${fault.stack}\n${JSON.stringify(fault)}\n${String(fault.cause)}`;
}
