import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../scripts/database/process.js';

/** A hub that says what reaches it, and needs a moment to stop. */
const HUB = `
const [command = '', ...rest] = process.argv.slice(2);
if (command !== 'start') {
  console.log([command, ...rest].join(' '));
  process.exit(Number(rest[0] ?? 0));
}
const timer = setInterval(() => undefined, 1000);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    console.log('got ' + signal);
    setTimeout(() => clearInterval(timer), 400);
  });
console.log('up ' + process.pid + ' on ' + process.version);
`;

/** With node_modules older than the lock, each test would install everything: better that it fails at once. */
const WITHOUT_NPM = { ...process.env, PATH: dirname(process.execPath) };

let checkout: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'hub-checkout-'));
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json'])
    await cp(path, join(checkout, path));
  for (const path of ['bootstrap', 'bootstrap.mjs', 'hub.mjs'])
    await cp(join('scripts', path), join(checkout, 'scripts', path), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'));
  await write('scripts/hub.ts', HUB);
});

afterEach(async () => {
  for (const child of started.splice(0)) if (child.pid !== undefined) kill(-child.pid, 'SIGKILL');
  await rm(checkout, { recursive: true, force: true });
});

test('sources that do not compile start nothing, and the compiler’s words are shown', async () => {
  await write('scripts/hub.ts', `${HUB}\nconst wrong: number = 'text';\n`);

  const { status, stdout, stderr } = run('scripts/hub.mjs', 'tenant');

  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain("Type 'string' is not assignable to type 'number'");
});

test('an unknown command is refused with the list of commands', () => {
  const { status, stderr } = run('scripts/bootstrap.mjs', 'fly');

  expect(status).toBe(1);
  expect(stderr).toContain('start|bench|build|test|worlds|plans|check');
});

test('the hub’s arguments, output and exit status pass through, and nothing is added to its output', () => {
  expect(run('scripts/hub.mjs', 'tenant', '3')).toMatchObject({ status: 3, stdout: 'tenant 3\n' });
});

test('a changed source is compiled before the next command, an unchanged one is not', async () => {
  run('scripts/bootstrap.mjs', 'build');
  const first = await readFile(join(checkout, 'dist', '.built'), 'utf8');
  run('scripts/bootstrap.mjs', 'build');
  expect(await readFile(join(checkout, 'dist', '.built'), 'utf8')).toBe(first);

  await write('scripts/hub.ts', "console.log('changed');\n");

  expect(run('scripts/hub.mjs').stdout).toBe('changed\n');
});

test('reference data lies beside the compiled files, and what was deleted is gone from them', async () => {
  await write('subgraphs/metering/reference/classes.csv', 'code\n01\n');
  await write('subgraphs/metering/migrations/one.ts', 'export const one = 1;\n');
  run('scripts/bootstrap.mjs', 'build');
  expect(await readFile(join(checkout, 'dist/subgraphs/metering/reference/classes.csv'), 'utf8')).toBe(
    'code\n01\n',
  );
  expect(existsSync(join(checkout, 'dist/subgraphs/metering/migrations/one.js'))).toBe(true);

  await rm(join(checkout, 'subgraphs/metering'), { recursive: true });
  run('scripts/bootstrap.mjs', 'build');

  expect(existsSync(join(checkout, 'dist/subgraphs/metering/migrations/one.js'))).toBe(false);
  expect(existsSync(join(checkout, 'dist/subgraphs/metering/reference/classes.csv'))).toBe(false);
});

test('the hub runs under the Node that the project brings', async () => {
  const { line } = await start();

  expect(line).toContain(' on v24.');
});

test('a Ctrl-C that arrives several times reaches the hub once, and the start waits for its end', async () => {
  const { child, hub, output } = await start();

  kill(child.pid!, 'SIGINT');
  while (!output().includes('got')) await sleep(10);
  kill(-child.pid!, 'SIGINT');
  kill(child.pid!, 'SIGTERM');
  const status = await exitOf(child);

  expect(await isAlive(hub)).toBe(false);
  expect(output().match(/got .*/g)).toEqual(['got SIGINT']);
  expect(status).toBe(0);
});

test('a start that is killed hard takes its hub along, in order', async () => {
  const { child, hub, output } = await start();

  kill(child.pid!, 'SIGKILL');

  for (const deadline = Date.now() + 10_000; (await isAlive(hub)) && Date.now() < deadline;) await sleep(50);
  expect(await isAlive(hub)).toBe(false);
  expect(output()).toContain('got SIGTERM');
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(checkout, path)), { recursive: true });
  await writeFile(join(checkout, path), text);
}

function run(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8', env: WITHOUT_NPM });
}

/** The start command as a terminal starts it: leader of a process group of its own. */
async function start() {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start'], {
    cwd: checkout,
    detached: true,
    env: WITHOUT_NPM,
  });
  started.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('up ')) resolve(said.trim());
    });
    child.once('exit', () => reject(new Error(said)));
  });
  const hub = Number(/up (\d+)/.exec(line)?.[1]);
  return { child, hub, line, output: () => said };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
