import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from './account.js';
import { canEnter, serverAccount } from './account.js';
import { reachableBinaries, SHARED_FOLDER } from './binaries.js';
import type { Cluster } from './cluster.js';
import { newPassword, readRecord } from './record.js';

/**
 * Decides where the data of a home lies, who runs the server and with which password; makes the folders. As root
 * the server is another OS user: if that user cannot enter the home (it lies below a folder of mode 0700), the
 * data lies in the shared folder, under a name made of the home's path.
 */
export async function placeCluster(home: string, log: (line: string) => void): Promise<Cluster> {
  const record = await readRecord(home);
  const account = await serverAccount(record?.dataDir);
  const inHome = join(home, 'pg', 'data');
  const outside = join(SHARED_FOLDER, fingerprint(home), 'data');
  const wanted = record?.dataDir ?? inHome;
  const dataDir = (await reaches(account, dirname(wanted), home)) ? wanted : outside;
  if (record === undefined && dataDir === outside) await setAside(outside, log);
  await openFolder(dirname(dataDir));
  if (record !== undefined && dataDir !== record.dataDir) await move(record.dataDir, dataDir, log);
  const folder = await realpath(dirname(dataDir));
  return {
    account,
    binaries: await reachableBinaries(account),
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'server.log'),
    password: record?.password ?? newPassword(),
  };
}

async function reaches(account: Account | undefined, folder: string, home: string): Promise<boolean> {
  return account === undefined || canEnter(account, existsSync(folder) ? folder : home);
}

/** The folder above the data is open to pass through; the data itself is 0700 and the server's own. */
async function openFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  // The umask may have closed what was made; what was there before keeps its modes.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

/** A home that was deleted took its keys along: what its database held must not come back under new keys. */
async function setAside(dataDir: string, log: (line: string) => void): Promise<void> {
  const folder = dirname(dataDir);
  if (!existsSync(dataDir)) return;
  const aside = `${folder}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(folder, aside);
  log(`The database of an earlier home at this path was set aside: ${aside}`);
}

async function move(from: string, to: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(from) || existsSync(to)) return;
  try {
    await rename(from, to);
    log(`The server's user can no longer enter ${dirname(from)}; the data moved to ${to}.`);
  } catch {
    throw new Error(
      `The database in ${from} lies below a folder that its OS user cannot enter, and it could not be moved to ` +
        `${to}. Give that folder the right to pass through (chmod o+x), or move the data there yourself.`,
    );
  }
}

function fingerprint(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 16);
}
