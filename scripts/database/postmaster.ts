import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asAccount } from './account.js';
import type { Cluster } from './cluster.js';
import { hasEnded, isAlive, isPostgres, servesFolder, signal } from './process.js';
import type { Settings } from './settings.js';
import { asFlags } from './settings.js';

/** How long a server may take to shut down in order before it is told to leave at once, milliseconds. */
const ORDERLY = 20_000;

/** A start after a crash replays the log first; a terabyte of it takes no longer than this, milliseconds. */
const START = 300_000;

const LOG_LIMIT = 10 * 2 ** 20;

/** No system gives out this process id. */
const NO_PROCESS = 2 ** 31 - 2;

/** A running server. `ended` resolves when it ends for whatever reason. */
export interface Postmaster {
  pid: number;
  ended: Promise<void>;
}

/**
 * Starts the server and resolves when it accepts connections. It runs in a session of its own, so that Ctrl-C at
 * the terminal reaches only the hub, which then stops it in order. Throws with the last lines of its log.
 */
export async function startPostmaster(cluster: Cluster, settings: Settings): Promise<Postmaster> {
  const log = await openLog(cluster.logFile);
  try {
    const child = spawn(cluster.binaries.postgres, ['-D', cluster.dataDir, ...asFlags(settings)], {
      ...asAccount(cluster.account),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    await ready(cluster, child, log.position);
    child.unref();
    leash(child.pid!, cluster, ended);
    return { pid: child.pid!, ended };
  } finally {
    await log.close();
  }
}

const LEASH = `
read -r _
kill -INT "$1" 2>/dev/null
if [ -n "$2" ]; then
  while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
  rm -rf "$2"
fi`;

/**
 * A process that only waits until the hub is gone, however it went, and then asks the server to stop: after a
 * kill -9 of the hub no server stays behind, nor the folder of one that was
 * only for tests. It reads a pipe whose other end only the hub holds.
 */
function leash(pid: number, cluster: Cluster, ended: Promise<void>): void {
  if (process.platform === 'win32') return;
  const watcher = spawn('/bin/sh', ['-c', LEASH, 'sh', String(pid), cluster.disposable ?? ''], {
    ...asAccount(cluster.account),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?: () => void }).unref?.();
  // Before the id of the ended server can be given to another process.
  void ended.then(() => watcher.kill('SIGKILL'));
}

/** Asks for a fast shutdown (connections are closed, everything is written), and insists if it takes too long. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', ORDERLY],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const) {
    signal(pid, name);
    if (await hasEnded(pid, patience)) return;
  }
  throw new Error(`The database server (process ${pid}) does not stop.`);
}

/** The process id in the data folder's own pid file, if such a server runs there. Throws never. */
export async function runningPostmaster(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 && (await servesFolder(pid, dataDir)) && (await isAlive(pid)) ? pid : undefined;
}

/**
 * After a crash the pid file may name a process that has nothing to do with us, and PostgreSQL would refuse to
 * start because of it. Only the number is replaced: the file also holds the key of the shared memory, by which
 * PostgreSQL notices children of the old server that still write.
 */
export async function disownStalePid(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Math.abs(Number(text.split('\n')[0]));
  // Some server, but not known as ours: PostgreSQL judges that better than we do.
  if (!(pid > 0) || !(await isAlive(pid)) || (await isPostgres(pid))) return;
  await writeFile(file, text.replace(/^-?\d+/, String(NO_PROCESS)));
}

async function ready(cluster: Cluster, child: ChildProcess, logStart: number): Promise<void> {
  const deadline = Date.now() + START;
  while (child.exitCode === null && child.signalCode === null) {
    const lines = (await readFile(join(cluster.dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split(
      '\n',
    );
    // The eighth line is the state; before it is written, the file may still be that of an earlier server.
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    if (Date.now() > deadline) {
      await stopPostmaster(child.pid!);
      break;
    }
    await sleep(15);
  }
  const said = (await readFile(cluster.logFile)).subarray(logStart).toString().trim();
  throw new Error(
    `The database server did not start. Its log, ${cluster.logFile}, ends:\n${said.slice(-2000)}`,
  );
}

/** Opens the server's log for appending; one that has grown large becomes `<name>.1` first. */
async function openLog(file: string) {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > LOG_LIMIT) await rename(file, `${file}.1`);
  const handle = await open(file, 'a', 0o600);
  return { fd: handle.fd, position: size > LOG_LIMIT ? 0 : size, close: () => handle.close() };
}
