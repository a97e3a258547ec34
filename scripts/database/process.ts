import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * When a process began, as an opaque mark: equal marks mean the same process. A process id alone is not enough,
 * because ids are given out again (in a container almost at once). Undefined when no such process runs; a zombie
 * counts as ended, it holds nothing any more.
 */
export async function birthMark(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return birthMarkFromProc(pid);
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
    return start === undefined || state?.startsWith('Z') ? undefined : start;
  } catch {
    return undefined;
  }
}

async function birthMarkFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => ''),
    ]);
    // The command's name stands in brackets and may itself hold brackets and spaces: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${boot.trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

export async function isAlive(pid: number): Promise<boolean> {
  return (await birthMark(pid)) !== undefined;
}

/** True when `pid` is a PostgreSQL server whose data lies in `dataDir`, and not another process with its old id. */
export async function servesFolder(pid: number, dataDir: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // Root in a container may not read another user's `cwd`; the arguments everyone may.
    const [folder, args] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    return (await isPostgres(pid)) && (folder === dataDir || args.includes(`\0-D\0${dataDir}\0`));
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(dataDir);
}

/** True when `pid` is some PostgreSQL server, ours or not. */
export async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/comm`, 'latin1').catch(() => '')).startsWith('postgres');
  const { stdout } = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres');
}

/** Waits until the process has ended. False when it still runs after `milliseconds`. */
export async function hasEnded(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Sends a signal; a process that has just ended is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault;
  }
}
