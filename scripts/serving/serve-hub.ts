import { type Config, readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import type { StageUrls } from '../../gateway/stage-urls.js';
import { rolePasswords } from '../../gateway/keys.js';
import { type Log, openLog } from '../../gateway/log.js';
import { startHub } from '../../gateway/main.js';
import { startRoom } from '../../gateway/room-process.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { rooms } from '../../subgraphs/index.js';
import { fault } from '../client/failure.js';
import { attachDatabase, openDatabase } from '../database/open.js';
import { databaseUnavailable } from './plain-words.js';
import { reloads, untilStopped } from './signals.js';

/** The gateway, with every room that has no other place. */
export async function serveGateway(): Promise<void> {
  const config = readConfig(process.env);
  await serve(config, openDatabase, async (databases, log) => {
    const hub = await startHub({ config, databases, log });
    console.log(JSON.stringify({ event: 'ready', url: hub.url, operations: hub.operationsUrl }));
    return hub;
  });
}

/** One room by itself. Throws Failure USAGE for a name that none has. */
export async function serveRoom(name: string): Promise<void> {
  const config = readConfig(process.env);
  if (!rooms.some((room) => room.name === name)) {
    const names = rooms.map((room) => room.name).join(', ');
    throw fault('USAGE', `There is no room ${name}; say all, gateway, or one of ${names}.`);
  }
  await serve(config, attachDatabase, async (databases, log) => {
    const room = await startRoom({ name, config, databases, log });
    console.log(JSON.stringify({ event: 'ready', room: name, url: room.url }));
    return room;
  });
}

/** The database outlives what it serves, also when that does not come up. */
async function serve(
  config: Config,
  open: typeof openDatabase,
  start: (
    databases: Record<Stage, StageUrls>,
    log: Log,
  ) => Promise<{ reload(): Promise<void>; stop(): Promise<void> }>,
): Promise<void> {
  const log = openLog(config.log);
  const toLog = (line: string): void => log.debug(line);
  const stopped = untilStopped();
  const reloadBy = reloads();
  const database = await open({ home: config.home, url: config.databaseUrl, log: toLog }).catch(
    databaseUnavailable,
  );
  try {
    const databases = await prepareDatabases(database.url, await rolePasswords(config.home));
    const served = await start(databases, log);
    reloadBy(() => served.reload());
    await stopped;
    await served.stop();
  } finally {
    await database.stop();
  }
}
