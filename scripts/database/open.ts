import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { requireConnection } from './connection.js';
import { startEmbedded } from './embedded.js';
import { isLocked, lock } from './lock.js';
import { runningPostmaster } from './postmaster.js';
import { readRecord, urlOf } from './record.js';

export interface DatabaseOptions {
  /** HUB_HOME; made if there is none. */
  home: string;
  /** DATABASE_URL: a server of the operator's. Without it the embedded server runs. */
  url?: string | undefined;
  log: (line: string) => void;
  /** How long a second hub waits for the first to end, milliseconds (default 5000). */
  patience?: number;
}

export interface Database {
  /** Superuser on the embedded server, whoever the operator named otherwise. Holds the password: never log it. */
  url: string;
  embedded: boolean;
  /** Stops the embedded server in order; leaves a server of the operator's alone. May be called twice. */
  stop(): Promise<void>;
}

/**
 * The database of a hub. Throws a plain Error whose message is for the operator: the server of DATABASE_URL does
 * not answer, another hub uses this home, or the embedded server does not start.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== undefined) return theirs(options.url);
  const home = await openHome(options.home);
  const release = await lock(lockFile(home), options.patience ?? 5_000);
  try {
    const { url, stop } = await startEmbedded(home, options.log);
    return { url, embedded: true, stop: () => stop().finally(release) };
  } catch (fault) {
    release();
    throw fault;
  }
}

/**
 * The database for a command beside a hub: that of the hub which runs on this home, if one does (`stop` then
 * leaves it running), else the same as openDatabase.
 */
export async function attachDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== undefined) return theirs(options.url);
  const home = await openHome(options.home);
  const record = await readRecord(home);
  const runs =
    record !== undefined &&
    (await isLocked(lockFile(home))) &&
    (await runningPostmaster(record.dataDir)) !== undefined;
  return runs ? { url: urlOf(record), embedded: true, stop: async () => undefined } : openDatabase(options);
}

async function theirs(url: string): Promise<Database> {
  await requireConnection(url);
  return { url, embedded: false, stop: async () => undefined };
}

/** The home's real path: a link to it is the same home, and must find the same data and the same lock. */
async function openHome(home: string): Promise<string> {
  await mkdir(home, { recursive: true });
  await access(home, constants.W_OK).catch(() => {
    throw new Error(
      `HUB_HOME ${home} belongs to another OS user. Start the hub as that user, or choose another HUB_HOME.`,
    );
  });
  return realpath(home);
}

function lockFile(home: string): string {
  return join(home, 'hub.lock');
}
