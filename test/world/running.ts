import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Config, readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { stageUrl, type StageUrls } from '../../gateway/stage-urls.js';
import { rolePasswords } from '../../gateway/keys.js';
import { type Log, openLog } from '../../gateway/log.js';
import { type Hub, startHub } from '../../gateway/main.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { Caller } from './caller.js';
import { serveRoomsApart, serveRoomsEach } from './apart.js';
import { copyTemplate, dropDatabases, testServer } from './template.js';

export interface WorldOptions {
  /** `apart` runs the rooms in another process than the gateway, `each` every room in one of its own by its command. */
  rooms?: 'together' | 'apart' | 'each';
  /** Settings beside the defaults, as environment variables. */
  settings?: Record<string, string>;
  /** Host and port that lead the hub to its database, for who wants to cut the line. */
  databaseAt?: string;
  /** To read what the hub logs; without it nothing is. */
  log?: Log;
}

/**
 * A hub for tests: real PostgreSQL (two databases of its own), real certificates, real TLS on a free port, the parties
 * of {@link PARTIES} with their scopes, and no data. Close it.
 */
export class World {
  readonly home: string;
  readonly hub: Hub;
  readonly config: Config;
  readonly databases: Record<Stage, StageUrls>;
  /** The owner's connection to the FORMAL database. */
  readonly ownerUrl: string;
  /** Statements of the rooms since the last call of {@link forget}; only with rooms together. */
  readonly queries: string[];
  readonly #closing: (() => Promise<unknown>)[];
  readonly #callers = new Map<string, Caller>();

  constructor(
    parts: Pick<World, 'home' | 'hub' | 'config' | 'databases' | 'ownerUrl' | 'queries'>,
    closing: (() => Promise<unknown>)[],
  ) {
    this.home = parts.home;
    this.hub = parts.hub;
    this.config = parts.config;
    this.databases = parts.databases;
    this.ownerUrl = parts.ownerUrl;
    this.queries = parts.queries;
    this.#closing = closing;
  }

  /** Calls as a party, with its own certificate over its own connections. */
  as(name: string): Caller {
    let caller = this.#callers.get(name);
    if (!caller) {
      caller = Caller.of(this.hub.url, join(this.home, 'certs'), name);
      this.#callers.set(name, caller);
    }
    return caller;
  }

  forget(): void {
    this.queries.length = 0;
  }

  /** SQL as the database's owner, beside the hub: to look at what was stored. */
  async sql<Row extends object>(
    text: string,
    parameters: unknown[] = [],
    stage: Stage = 'FORMAL',
  ): Promise<Row[]> {
    const client = new Client({ connectionString: stageUrl(this.ownerUrl, stage) });
    await client.connect();
    try {
      return (await client.query<Row>(text, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** Until the gateway has learnt of a change of tenants, certificates, scopes or consents. */
  async registryCatchesUp(): Promise<void> {
    await this.hub.catchUp();
  }

  async close(): Promise<void> {
    for (const caller of this.#callers.values()) await caller.close();
    await this.hub.stop();
    for (const close of this.#closing.reverse()) await close();
  }
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    return await open(options, closing);
  } catch (error) {
    // What had been opened must not outlive the test: rooms are processes of their own.
    for (const close of closing.reverse()) await close();
    throw error;
  }
}

async function open(options: WorldOptions, closing: (() => Promise<unknown>)[]): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'hub-world-'));
  closing.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const database = `hub_${randomBytes(5).toString('hex')}`;
  closing.push(() => dropDatabases(database));
  await copyTemplate(home, database);
  const ownerUrl = testServer(database);
  const databaseUrl = new URL(ownerUrl);
  databaseUrl.host = options.databaseAt ?? databaseUrl.host;
  const databases = await prepareDatabases(databaseUrl.href, await rolePasswords(home));
  const environment = {
    HUB_HOME: home,
    HUB_PORT: '0',
    HUB_OPS_PORT: '0',
    HUB_LOG: 'silent',
    DATABASE_URL: databaseUrl.href,
    ...options.settings,
  };
  const serveRooms = { together: () => '', apart: serveRoomsApart, each: serveRoomsEach };
  const rooms = await serveRooms[options.rooms ?? 'together'](environment, closing);
  const config = readConfig({ ...environment, ...(rooms && { HUB_ROOMS: rooms }) });
  const queries: string[] = [];
  const log = options.log ?? openLog(process.env['HUB_TEST_LOG'] === 'on' ? 'info' : 'silent');
  const hub = await startHub({ config, databases, log, onStatement: (sql) => void queries.push(sql) });
  return new World({ home, hub, config, databases, ownerUrl, queries }, closing);
}
