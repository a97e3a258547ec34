import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { CertificateError } from './certificate-error.js';
import { hasCode, isAbsent } from './files.js';

interface Holder {
  token: string;
  pid: number;
  host: string;
}

const PATIENCE_MS = 30_000;
/** A holder on another machine cannot be asked whether it lives; no work under the lock takes this long. */
const ABANDONED_MS = 300_000;
/** Between creating the lock and writing into it lie microseconds; breaking one takes as long. */
const HALF_MADE_MS = 10_000;

/** Tokens held by this process: a lock with our process id but an unknown token is left over from before a restart. */
const held = new Set<string>();

/**
 * Runs `work` while no other process, and no other caller in this one, works under the same lock file. A lock whose
 * holder died is broken. Throws CertificateError after 30 s of waiting for a living holder.
 */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  held.add(token);
  try {
    await acquire(path, { token, pid: process.pid, host: hostname() });
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    held.delete(token);
  }
}

async function acquire(path: string, holder: Holder): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await create(path, JSON.stringify(holder)))) {
    if (await isDead(path)) await breakDead(path);
    else if (Date.now() > deadline) {
      throw new CertificateError(`Another process holds ${path}; remove the file if that process is gone.`);
    } else await sleep(10 + Math.random() * 20);
  }
}

async function create(path: string, contents: string): Promise<boolean> {
  try {
    await writeFile(path, contents, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Two waiters may find the same dead lock; were both to remove it, the second would remove the first one's new lock.
 * So only the one who creates the breaker's file looks again and removes.
 */
async function breakDead(path: string): Promise<void> {
  const breaker = `${path}.break`;
  if (!(await create(breaker, String(process.pid)))) {
    if ((await age(breaker)) > HALF_MADE_MS) await rm(breaker, { force: true });
    await sleep(10);
    return;
  }
  try {
    if (await isDead(path)) await rm(path, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

async function isDead(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  if (holder === undefined) return (await age(path)) > HALF_MADE_MS;
  if (holder.host !== hostname()) return (await age(path)) > ABANDONED_MS;
  if (holder.pid === process.pid) return !held.has(holder.token);
  return !isRunning(holder.pid);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Milliseconds since the file was written; 0 when it is gone, so that a vanished lock is simply tried again. */
async function age(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}
