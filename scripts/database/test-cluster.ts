import { chmod, mkdtemp, realpath, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.js';
import { canEnter, serverAccount } from './account.js';
import { reachableBinaries } from './binaries.js';
import { give, initialise } from './cluster.js';
import { requireConnection } from './connection.js';
import { startPostmaster, stopPostmaster } from './postmaster.js';
import { freePort, newPassword, urlOf } from './record.js';
import { disposableSettings, listening, usableMemory } from './settings.js';

/**
 * A server for a run of tests: the one of DATABASE_URL if that is set, else one of our own in a temporary folder
 * that `stop` removes. `url` names a superuser.
 */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    await requireConnection(given);
    return { url: given, stop: async () => undefined };
  }
  const account = await serverAccount(undefined);
  const folder = await temporaryFolder(account);
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    return await start(account, folder, remove);
  } catch (fault) {
    await remove();
    throw fault;
  }
}

async function start(account: Account | undefined, folder: string, remove: () => Promise<void>) {
  const cluster = {
    account,
    binaries: await reachableBinaries(account),
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'server.log'),
    password: newPassword(),
    disposable: folder,
  };
  await initialise(cluster, ['--no-sync']);
  const port = await freePort(undefined);
  const { pid } = await startPostmaster(cluster, { ...(await disposableSettings()), ...listening(port) });
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf({ password: cluster.password, port }),
    stop: () => (stopping ??= stopPostmaster(pid).then(remove)),
  };
}

const IN_MEMORY = '/dev/shm';
const GB = 2 ** 30;

/**
 * In memory where there is plenty: a database copied from a template is nine hundred files, and on a disk that others
 * write to as well, making them takes ten times the processor time. TMPDIR, where set, has the first word; it may be
 * closed to the server's OS user (a private one of root's): then the system's own.
 */
async function temporaryFolder(account: Account | undefined): Promise<string> {
  const inMemory = !process.env['TMPDIR'] && (await hasRoomInMemory()) ? [IN_MEMORY] : [];
  for (const parent of [...inMemory, tmpdir(), '/tmp', '/var/tmp']) {
    if (account !== undefined && !(await canEnter(account, parent))) continue;
    const folder = await realpath(await mkdtemp(join(parent, 'energy-hub-test-')));
    await give(folder, account);
    await chmod(folder, 0o755);
    return folder;
  }
  throw new Error(
    'No temporary folder that the OS user of PostgreSQL can enter: set TMPDIR or DATABASE_URL.',
  );
}

/** Containers often have 64 MB there. What is written counts as used memory, theirs included. */
async function hasRoomInMemory(): Promise<boolean> {
  const memory = await statfs(IN_MEMORY).catch(() => undefined);
  return memory !== undefined && memory.bsize * memory.bavail >= 2 * GB && usableMemory() >= 7 * GB;
}
