import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.js';
import { asAccount, runs } from './account.js';
import type { Binaries } from './binaries.js';
import type { Settings } from './settings.js';
import { asFlags, LZ4_SETTINGS } from './settings.js';

/** A data folder and what runs it. The password is that of the superuser `postgres`. */
export interface Cluster {
  binaries: Binaries;
  account: Account | undefined;
  /** Absolute, without symbolic links: it is compared with the working folder of a running server. */
  dataDir: string;
  logFile: string;
  password: string;
  /** The folder to remove with the server, when its data is thrown away. */
  disposable?: string;
}

/**
 * Makes the data folder if there is none. Built under another name and then renamed: a start that was killed
 * half-way leaves no folder that looks whole. Throws with PostgreSQL's own words when it fails.
 */
export async function initialise(cluster: Cluster, extra: string[] = []): Promise<void> {
  const making = `${cluster.dataDir}.making`;
  const passwordFile = `${cluster.dataDir}.password`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true, mode: 0o700 });
  await give(making, cluster.account);
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  await give(passwordFile, cluster.account);
  try {
    await initdb(cluster, making, passwordFile, extra);
    await rename(making, cluster.dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(making, { recursive: true, force: true });
  }
}

/**
 * Sorting by code point and Unicode letter rules, the same on every machine. The character type must be UTF-8 as
 * well, or pg_trgm takes no Chinese character for a letter; systems without the locale C.UTF-8 do without.
 */
async function initdb(
  cluster: Cluster,
  folder: string,
  passwordFile: string,
  extra: string[],
): Promise<void> {
  const { binaries, account } = cluster;
  const args = [
    '-D',
    folder,
    '-U',
    'postgres',
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '-E',
    'UTF8',
  ];
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', ...extra);
  const first = await output(account, binaries.initdb, [...args, '--lc-ctype=C.UTF-8']);
  if (first.code === 0) return;
  const second = await output(account, binaries.initdb, args);
  if (second.code !== 0) throw new Error(`initdb failed in ${folder}: ${second.text.trim()}`);
}

/** Throws when the data was made by another major version: its files cannot be read by this one. */
export async function requireSameMajor({ dataDir, binaries }: Cluster): Promise<void> {
  const made = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  const ours = binaries.version.split('.')[0];
  if (made !== ours)
    throw new Error(
      `The data in ${dataDir} was made by PostgreSQL ${made}; this hub brings PostgreSQL ${ours}. ` +
        'Take a backup with the hub that made it and restore it here, or set DATABASE_URL.',
    );
}

/** Sets the superuser's password without a server, for data whose password file was lost. */
export async function resetPassword({ account, binaries, dataDir, password }: Cluster): Promise<void> {
  const { code, text } = await output(
    account,
    binaries.postgres,
    ['--single', '-D', dataDir, 'postgres'],
    `ALTER ROLE postgres PASSWORD '${password}'\n`,
  );
  if (code !== 0)
    throw new Error(`The password of the database in ${dataDir} could not be set: ${text.trim()}`);
}

/** lz4 for WAL and large values if this build has it. */
export async function compression({ account, binaries, dataDir }: Cluster): Promise<Settings> {
  const ask = ['-D', dataDir, '-C', 'wal_compression', ...asFlags(LZ4_SETTINGS)];
  return (await runs(account, binaries.postgres, ask)) ? LZ4_SETTINGS : {};
}

export function exists({ dataDir }: Pick<Cluster, 'dataDir'>): boolean {
  return existsSync(join(dataDir, 'PG_VERSION'));
}

export async function give(path: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function output(account: Account | undefined, program: string, args: string[], input = '') {
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn(program, args, { ...asAccount(account), stdio: 'pipe' });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}
