import { type Authority, openAuthority } from '../certs/authority.js';
import { rooms as declaredRooms } from '../subgraphs/index.js';
import { Database } from '../subgraphs/runtime/database.js';
import { RoomHost } from '../subgraphs/runtime/host.js';
import type { RoomClient } from '../subgraphs/runtime/neighbours.js';
import { type RemoteCredentials, RemoteRoom } from '../subgraphs/runtime/remote.js';
import { certifying } from './certifying.js';
import type { Config } from './config.js';
import type { StageUrls } from './stage-urls.js';
import { Followed, type Following } from './followed.js';
import { type grantKeys, signerOf } from './keys.js';
import type { Log } from './log.js';
import type { Stage } from './policy/grant.js';

/** What a process of the hub is started with, whatever part of it it runs. */
export interface HubOptions {
  config: Config;
  databases: Record<Stage, StageUrls>;
  log: Log;
  /** Told of every statement of the rooms in this process: for tests and measurements. */
  onStatement?: (sql: string) => void;
}

/** Every room as a client: here where no address says otherwise, in another process where one does. */
export async function openRooms(
  { config, databases, log, onStatement }: HubOptions,
  grantKey: Awaited<ReturnType<typeof grantKeys>>['publicKey'],
  fault: (error: unknown, where: string) => string,
  closing: (() => unknown)[],
): Promise<Map<string, RoomClient>> {
  const authority = await openAuthority(config.home);
  const sign = signerOf(await authority.signingCredentials());
  const { periods, disclosureRules } = config;
  const services = { sign, fault, periods, disclosureRules, ...certifying(authority) };
  const clients = new Map<string, RoomClient>();
  const ca = (await authority.authorities()).join('\n');
  const gateway = await followGateway(authority, { everyMs: config.housekeepingMs, log, fault }, closing);
  const databaseOf = databaseOpener(databases, config.databasePool, closing, onStatement);
  const remoteOf = remoteOpener(() => ({ ca, ...gateway.current }), { config, log }, closing);
  for (const declared of declaredRooms) {
    const origin = config.rooms[declared.name];
    if (origin) {
      clients.set(declared.name, remoteOf(declared.name, origin));
    } else {
      const room = await declared.build();
      const roomOf = (name: string): RoomClient => clientOf(clients, name);
      clients.set(declared.name, new RoomHost(room, { databaseOf, grantKey, services, roomOf }));
    }
  }
  return clients;
}

/** With what this process calls rooms in other processes. */
export function followGateway(
  authority: Authority,
  options: Omit<Following, 'name' | 'issue'>,
  closing: (() => unknown)[],
): Promise<Followed> {
  return Followed.open({ name: 'gateway', issue: () => authority.gatewayCredentials(), ...options }, closing);
}

/** Rooms in other processes, by name and address; when one stops answering, and when it is back, the log says so. */
export function remoteOpener(
  credentials: () => RemoteCredentials,
  { config, log }: Pick<HubOptions, 'config' | 'log'>,
  closing: (() => unknown)[],
): (name: string, origin: string) => RemoteRoom {
  return (room, origin) => {
    const remote = new RemoteRoom(room, origin, credentials, {
      silenceMs: config.roomSilenceMs,
      onOut: (isOut) => log[isOut ? 'warn' : 'info']({ event: isOut ? 'room out' : 'room back', room }),
    });
    closing.push(() => remote.close());
    return remote;
  };
}

/** One pool a stage, opened when first needed. */
export function databaseOpener(
  databases: Record<Stage, StageUrls>,
  size: number,
  closing: (() => unknown)[],
  onStatement?: (sql: string) => void,
): (stage: Stage) => Promise<Database> {
  const opened = new Map<Stage, Database>();
  return async (stage) => {
    const known = opened.get(stage);
    if (known) return known;
    const database = new Database({ url: databases[stage].rooms, size, ...(onStatement && { onStatement }) });
    opened.set(stage, database);
    closing.push(() => database.close());
    return database;
  };
}

export function clientOf(clients: ReadonlyMap<string, RoomClient>, name: string): RoomClient {
  const client = clients.get(name);
  if (!client) throw new Error(`no room is called ${name}`);
  return client;
}
