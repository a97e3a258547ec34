import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import type { Cluster } from './cluster.js';
import { compression, exists, initialise, requireSameMajor, resetPassword } from './cluster.js';
import { lock } from './lock.js';
import { placeCluster } from './place.js';
import type { Postmaster } from './postmaster.js';
import { disownStalePid, runningPostmaster, startPostmaster, stopPostmaster } from './postmaster.js';
import { freePort, readRecord, urlOf, writeRecord } from './record.js';
import type { Settings } from './settings.js';
import { durableSettings, listening } from './settings.js';

/** How often a server that ended by itself is started again before the hub gives up on it. */
const RESTARTS = 5;

/** How long the children of a server that was killed may hold its shared memory, milliseconds. */
const CHILDREN_LINGER = 15_000;

/** A started server of a home, kept running until `stop`. */
export interface Embedded {
  url: string;
  stop(): Promise<void>;
}

/** Starts the embedded server of a home whose lock the caller holds; makes its data on the first start. */
export async function startEmbedded(home: string, log: (line: string) => void): Promise<Embedded> {
  const cluster = await placeCluster(home, log);
  // A copied home may name the data of its original: a lock beside the data keeps two hubs off it.
  const release = await lock(join(dirname(cluster.dataDir), 'hub.lock'), 0);
  try {
    const { url, stop } = await startCluster(home, cluster, log);
    return { url, stop: () => stop().finally(release) };
  } catch (fault) {
    release();
    throw fault;
  }
}

async function startCluster(home: string, cluster: Cluster, log: (line: string) => void): Promise<Embedded> {
  await prepare(home, cluster, log);
  const settings = { ...(await durableSettings()), ...(await compression(cluster)) };
  const port = await freePort((await readRecord(home))?.port);
  const first = await start(cluster, settings, port);
  const { password, dataDir } = cluster;
  await writeRecord(home, { password, dataDir, port: first.port });
  return supervise(cluster, settings, first, log);
}

async function prepare(home: string, cluster: Cluster, log: (line: string) => void): Promise<void> {
  if (!exists(cluster)) {
    log(`Making the database in ${cluster.dataDir}`);
    await initialise(cluster);
    return;
  }
  await requireSameMajor(cluster);
  const left = await runningPostmaster(cluster.dataDir);
  if (left !== undefined) {
    log(`Stopping the database server that an earlier hub left (process ${left})`);
    await stopPostmaster(left);
  }
  await disownStalePid(cluster.dataDir);
  if ((await readRecord(home)) === undefined) await resetPassword(cluster);
}

/** Another program may take the port between our look and the server's start: then another port is used. */
async function start(cluster: Cluster, settings: Settings, wanted: number) {
  const deadline = Date.now() + CHILDREN_LINGER;
  for (let port = wanted; ;) {
    try {
      return { port, server: await startPostmaster(cluster, { ...settings, ...listening(port) }) };
    } catch (fault) {
      const said = String(fault);
      if (Date.now() > deadline) throw fault;
      if (said.includes('in use') && said.includes('shared memory')) await sleep(200);
      else if (said.includes('could not create any TCP/IP sockets')) port = await freePort(undefined);
      else throw fault;
    }
  }
}

/** Starts the server again, on the same port, when it ends without having been told to (out of memory, mostly). */
function supervise(
  cluster: Cluster,
  settings: Settings,
  first: { port: number; server: Postmaster },
  log: (line: string) => void,
): Embedded {
  let stopping: Promise<void> | undefined;
  let current: Promise<Postmaster> = Promise.resolve(first.server);
  const watch = async (server: Postmaster, left: number): Promise<void> => {
    await server.ended;
    if (stopping !== undefined) return;
    log(`The database server ended by itself; its log is ${cluster.logFile}.`);
    if (left === 0) return log('It is not started again: it ended too often.');
    current = restart(cluster, { ...settings, ...listening(first.port) });
    await current.then(
      (again) => watch(again, left - 1),
      (fault: unknown) => log(String(fault)),
    );
  };
  void watch(first.server, RESTARTS);
  const stop = async () => {
    const server = await current.catch(() => undefined);
    if (server !== undefined) await stopPostmaster(server.pid);
  };
  return { url: urlOf({ password: cluster.password, port: first.port }), stop: () => (stopping ??= stop()) };
}

async function restart(cluster: Cluster, settings: Settings): Promise<Postmaster> {
  await sleep(500);
  return startPostmaster(cluster, settings);
}
