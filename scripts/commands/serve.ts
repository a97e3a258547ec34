import { Command } from 'commander';
import { type Config, readConfig } from '../../gateway/config.js';
import { prepareDatabases, type StageUrls } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import { type Log, openLog } from '../../gateway/log.js';
import { startHub } from '../../gateway/main.js';
import { startRoom } from '../../gateway/room-process.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { rooms } from '../../subgraphs/index.js';
import { fault } from '../client/failure.js';
import { attachDatabase, openDatabase } from '../database/open.js';
import { databaseUnavailable } from '../serving/plain-words.js';
import { untilStopped } from '../serving/signals.js';

/** `hub serve [all|gateway|ROOM]` */
export const serveCommand = new Command('serve')
  .summary('run the hub, or one room of it')
  .description(
    'Runs the gateway with every room that HUB_ROOMS does not place elsewhere; or one room by itself.',
  )
  .argument('[what]', 'all, gateway, or the name of a room', 'all')
  .addHelpText(
    'after',
    `
Rooms apart:
  $ HUB_ROOM_PORT=9401 hub serve metering
  $ HUB_ROOMS=metering=https://localhost:9401 hub serve gateway
All processes share HUB_HOME (keys, certificates) and the database.`,
  )
  .action((what: string) => (what === 'all' || what === 'gateway' ? serveGateway() : serveRoom(what)));

async function serveGateway(): Promise<void> {
  const config = readConfig(process.env);
  await serve(config, openDatabase, async (databases, log) => {
    const hub = await startHub({ config, databases, log });
    console.log(JSON.stringify({ event: 'ready', url: hub.url, operations: hub.operationsUrl }));
    return hub;
  });
}

async function serveRoom(name: string): Promise<void> {
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
  start: (databases: Record<Stage, StageUrls>, log: Log) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  const log = openLog(config.log);
  const toLog = (line: string): void => log.debug(line);
  const stopped = untilStopped();
  const database = await open({ home: config.home, url: config.databaseUrl, log: toLog }).catch(
    databaseUnavailable,
  );
  try {
    const databases = await prepareDatabases(database.url, await rolePasswords(config.home));
    const served = await start(databases, log);
    await stopped;
    await served.stop();
  } finally {
    await database.stop();
  }
}
