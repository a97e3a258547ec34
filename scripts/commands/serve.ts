import { Command } from 'commander';
import type { Config } from '../../gateway/config.js';
import { readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import { openLog } from '../../gateway/log.js';
import { startHub } from '../../gateway/main.js';
import { startRoom } from '../../gateway/room-process.js';
import { attachDatabase, openDatabase } from '../database/open.js';
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
  const log = openLog(config.log);
  const database = await openDatabase({
    home: config.home,
    url: config.databaseUrl,
    log: (line) => log.debug(line),
  });
  const databases = await prepareDatabases(database.url, await rolePasswords(config.home));
  const hub = await startHub({ config, databases, log });
  console.log(JSON.stringify({ event: 'ready', url: hub.url, operations: hub.operationsUrl }));
  await untilStopped();
  await hub.stop();
  await database.stop();
}

async function serveRoom(name: string): Promise<void> {
  const config: Config = readConfig(process.env);
  const log = openLog(config.log);
  const database = await attachDatabase({
    home: config.home,
    url: config.databaseUrl,
    log: (line) => log.debug(line),
  });
  const databases = await prepareDatabases(database.url, await rolePasswords(config.home));
  const room = await startRoom({ name, config, databases, log });
  console.log(JSON.stringify({ event: 'ready', room: name, url: room.url }));
  await untilStopped();
  await room.stop();
  await database.stop();
}
