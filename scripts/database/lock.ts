import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthMark } from './process.js';

/** Who holds a folder. `born` is the birth mark of the process: an id that was given out again is not the holder. */
interface Holder {
  pid: number;
  born: string | undefined;
  host: string;
}

const BEAT = 5_000;

/** A lock on another host (a shared disk, a container's predecessor) is believed this long after its last beat. */
const BELIEVED = 4 * BEAT;

/**
 * Takes the lock file for this process and returns what gives it back. A lock whose holder has ended is taken
 * over. A holder that still runs gets `patience` milliseconds, because after a hard restart the old hub may be
 * closing; then an error names it.
 */
export async function lock(file: string, patience: number): Promise<() => void> {
  const mine = JSON.stringify({ pid: process.pid, born: await birthMark(process.pid), host: hostname() });
  const deadline = Date.now() + patience;
  while (!(await create(file, mine))) {
    const held = await readFile(file, 'utf8').catch(() => undefined);
    if (held === undefined) continue;
    if (!(await isHeld(file, held))) await discard(file, held);
    else if (Date.now() > deadline) throw new Error(refusal(file, held));
    else await sleep(100);
  }
  return keep(file, mine);
}

/** Whether some process, on this host or another, holds the lock now. */
export async function isLocked(file: string): Promise<boolean> {
  const held = await readFile(file, 'utf8').catch(() => undefined);
  return held !== undefined && isHeld(file, held);
}

/** A link appears with its contents, or not at all: no reader ever sees a half-written lock. */
async function create(file: string, contents: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, contents, { mode: 0o644 });
  try {
    await link(draft, file);
    return true;
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Disks without hard links (exFAT, some shared folders).
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') return createPlainly(file, contents);
    throw fault;
  } finally {
    await rm(draft, { force: true });
  }
}

async function createPlainly(file: string, contents: string): Promise<boolean> {
  return writeFile(file, contents, { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}

async function isHeld(file: string, contents: string): Promise<boolean> {
  const holder = parse(contents);
  if (holder === undefined) return false;
  if (holder.host === hostname()) {
    const born = await birthMark(holder.pid);
    return born !== undefined && born === holder.born;
  }
  const beat = await stat(file).catch(() => undefined);
  return beat !== undefined && Date.now() - beat.mtimeMs < BELIEVED;
}

/** Moves a dead lock away. If another start took over in between, it is its lock that moved: put it back. */
async function discard(file: string, judged: string): Promise<void> {
  const aside = `${file}.${process.pid}.ended`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, file);
  } catch {
    // Somebody else moved it first; the next round sees what is there now.
  } finally {
    await rm(aside, { force: true });
  }
}

function keep(file: string, mine: string): () => void {
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT);
  beat.unref();
  const release = () => {
    clearInterval(beat);
    process.off('exit', release);
    try {
      if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
    } catch {
      // The home was removed under us: nothing is left to give back.
    }
  };
  process.once('exit', release);
  return release;
}

function parse(contents: string): Holder | undefined {
  try {
    const holder = JSON.parse(contents) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.host === 'string'
      ? { pid: holder.pid, host: holder.host, born: holder.born }
      : undefined;
  } catch {
    return undefined;
  }
}

function refusal(file: string, contents: string): string {
  const { pid, host } = parse(contents) ?? {};
  return (
    `Another hub (process ${pid} on ${host}) is using this HUB_HOME: ${file}. ` +
    'Stop it, or start this one with another HUB_HOME.'
  );
}
