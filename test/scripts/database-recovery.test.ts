import { execFileSync, spawn } from 'node:child_process';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asAccount, serverAccount } from '../../scripts/database/account.js';
import { isAlive, signal } from '../../scripts/database/process.js';
import { readRecord } from '../../scripts/database/record.js';
import { ask, cleanUp, hold, later, newFolder, open, serverOf, until } from './database-homes.js';

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const onLinux = process.platform === 'linux' ? test : test.skip;

let base: string;

beforeEach(async () => {
  base = await newFolder();
});

afterEach(cleanUp);

test('data of another major version is refused and left as it is', async () => {
  const home = join(base, 'home');
  await (await open(home)).stop();
  const version = join((await readRecord(home))!.dataDir, 'PG_VERSION');
  await writeFile(version, '9\n');

  await expect(open(home)).rejects.toThrow('was made by PostgreSQL 9');

  expect(await readFile(version, 'utf8')).toBe('9\n');
});

test('after kill -9 of the hub its server ends by itself, and the next start has the data', async () => {
  const home = join(base, 'home');
  const hub = await hold(home);
  await ask(hub.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  const server = await serverOf(home);

  signal(hub.pid, 'SIGKILL');

  await until(async () => !(await isAlive(server)));
  const again = await open(home);
  expect(await ask(again.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
});

onLinux('a server that an ended hub left running is taken over', async () => {
  const home = join(base, 'home');
  const hub = await hold(home);
  await ask(hub.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  const server = await serverOf(home);
  for (const pid of [...childrenOf(hub.pid).filter((child) => child !== server), hub.pid])
    signal(pid, 'SIGKILL');
  await until(async () => !(await isAlive(hub.pid)));
  expect(await isAlive(server)).toBe(true);

  const again = await open(home);

  expect(await isAlive(server)).toBe(false);
  expect(await ask(again.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
});

test('a pid file whose number now belongs to another process does no harm', async () => {
  const home = join(base, 'home');
  await (await open(home)).stop();
  const { dataDir } = (await readRecord(home))!;
  const account = await serverAccount(dataDir);
  const stranger = spawn('sleep', ['60'], { ...asAccount(account), stdio: 'ignore' });
  later(async () => stranger.kill());
  await writeFile(
    join(dataDir, 'postmaster.pid'),
    `${stranger.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n  0  0\nready\n`,
  );

  const { url } = await open(home);

  expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await isAlive(stranger.pid!)).toBe(true);
});

test('a server that is killed is started again at the same address', async () => {
  const home = join(base, 'home');
  const { url } = await open(home);
  await ask(url, 'CREATE TABLE kept AS SELECT 42 AS value');
  const server = await serverOf(home);

  signal(server, 'SIGKILL');
  await until(async () => !(await isAlive(server)));

  await until(async () =>
    ask(url, 'SELECT value FROM kept').then(
      (rows) => rows.length === 1,
      () => false,
    ),
  );
});

test('a home that lost its password file keeps its data', async () => {
  const home = join(base, 'home');
  const first = await open(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  await rm(join(home, 'keys'), { recursive: true });

  const second = await open(home);

  expect(second.url).not.toBe(first.url);
  expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
});

test('a home that was moved keeps its data', async () => {
  const first = await open(join(base, 'home'));
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  await rename(join(base, 'home'), join(base, 'elsewhere'));

  const second = await open(join(base, 'elsewhere'));

  expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
});

asRoot('a deleted home comes back empty even where its data lay elsewhere', async () => {
  await chmod(base, 0o700);
  const home = join(base, 'home');
  const first = await open(home);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  await rm(home, { recursive: true });
  const said: string[] = [];

  const second = await open(home, (line) => said.push(line));

  await expect(ask(second.url, 'SELECT value FROM kept')).rejects.toThrow('does not exist');
  const [, aside] = /set aside: (.+)$/m.exec(said.join('\n')) ?? [];
  later(() => rm(aside!, { recursive: true }));
  expect((await stat(join(aside!, 'data', 'PG_VERSION'))).isFile()).toBe(true);
});

function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}
