import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openAuthority } from '../../certs/authority.js';
import { type Config, readConfig } from '../../gateway/config.js';
import { prepareDatabases, type StageUrls } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import { openLog } from '../../gateway/log.js';
import { type Hub, startHub } from '../../gateway/main.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { atConsole } from '../../scripts/console/session.js';
import { PARTIES, type Party } from './parties.js';
import { Caller } from './caller.js';
import { serveRoomsApart } from './apart.js';

export interface WorldOptions {
  /** `apart` runs every room as a process of its own; everything else is the same. */
  rooms?: 'together' | 'apart';
  /** Settings beside the defaults, as environment variables. */
  settings?: Record<string, string>;
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

  constructor(parts: Pick<World, 'home' | 'hub' | 'config' | 'databases' | 'ownerUrl' | 'queries'>, closing: (() => Promise<unknown>)[]) {
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
      caller = new Caller(this.hub.url, join(this.home, 'certs'), name);
      this.#callers.set(name, caller);
    }
    return caller;
  }

  forget(): void {
    this.queries.length = 0;
  }

  /** SQL as the database's owner, beside the hub: to look at what was stored. */
  async sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.ownerUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** Long enough for the gateway to have learnt of a change of tenants, certificates, scopes or consents. */
  async registryCatchesUp(): Promise<void> {
    await pause(450);
  }

  async close(): Promise<void> {
    for (const caller of this.#callers.values()) await caller.close();
    await this.hub.stop();
    for (const close of this.#closing.reverse()) await close();
  }
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const closing: (() => Promise<unknown>)[] = [];
  const home = await mkdtemp(join(tmpdir(), 'hub-world-'));
  closing.push(() => rm(home, { recursive: true, force: true }));
  const issued = process.env['HUB_TEST_HOME'];
  if (issued) await cp(issued, home, { recursive: true });
  const ownerUrl = await newDatabase(closing);
  const databases = await prepareDatabases(ownerUrl, await rolePasswords(home));
  await register(home, databases, PARTIES);
  const environment = { HUB_HOME: home, HUB_PORT: '0', HUB_OPS_PORT: '0', HUB_LOG: 'silent', DATABASE_URL: ownerUrl, ...options.settings };
  const rooms = options.rooms === 'apart' ? await serveRoomsApart(environment, closing) : '';
  const config = readConfig({ ...environment, HUB_ROOMS: rooms });
  const queries: string[] = [];
  const log = openLog(process.env['HUB_TEST_LOG'] === 'on' ? 'info' : 'silent');
  const hub = await startHub({ config, databases, log, onStatement: (sql) => void queries.push(sql) });
  return new World({ home, hub, config, databases, ownerUrl, queries }, closing);
}

/** A database of its own on the test server; it and its TEST sibling are dropped at the end. */
async function newDatabase(closing: (() => Promise<unknown>)[]): Promise<string> {
  const server = process.env['HUB_TEST_DATABASE_URL'];
  if (!server) throw new Error('HUB_TEST_DATABASE_URL is not set: run the tests with npm test');
  const name = `hub_${randomBytes(5).toString('hex')}`;
  await asOwner(server, (client) => client.query(`create database ${name}`));
  closing.push(() =>
    asOwner(server, async (client) => {
      for (const database of [name, `${name}_test`]) {
        await client.query(`drop database if exists ${database} with (force)`);
        await client.query(`drop role if exists ${database}_rooms`);
        await client.query(`drop role if exists ${database}_gateway`);
      }
    }),
  );
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function asOwner(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Tenants, scopes and certificates of the parties; certificates come from the run's shared authority where it has them. */
export async function register(home: string, databases: Record<Stage, StageUrls>, parties: readonly Party[]): Promise<void> {
  const authority = await openAuthority(home);
  const known = await authority.list();
  for (const stage of ['FORMAL', 'TEST'] as const) {
    const ofStage = parties.filter((party) => party.stage === stage);
    await atConsole(stage, databases, async (tenants) => {
      await tenants.registerTenants(ofStage.map(({ id, name, tier, area, uscc }) => ({ id, name, tier, area, uscc })));
      for (const { id, scopes } of ofStage) if (scopes.length > 0) await tenants.addScopes(scopes.map((scope) => ({ ...scope, tenant: id })));
      for (const { id } of ofStage) {
        const record = known.find(({ name, kind }) => name === id && kind === 'CLIENT');
        const issued = record ?? (await authority.issueClient({ name: id, stage }));
        if (!record && 'key' in issued) await authority.handOut(id, issued);
        const { fingerprint, serial, notBefore, notAfter } = issued;
        const period = { notBefore: new Date(notBefore).toISOString(), notAfter: new Date(notAfter).toISOString() };
        await tenants.registerCertificates([{ tenant: id, fingerprint, serial, ...period }]);
      }
    });
  }
}
