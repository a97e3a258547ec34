import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';
import { openAuthority } from '../../../certs/authority.js';
import { signerOf } from '../../../gateway/keys.js';
import type { DecisionAndReleaseFacts } from '../../../gateway/ledger/entry.js';
import { ledgerMigrations } from '../../../gateway/ledger/migrations.js';

/** A database of its own with the ledger in it, and its three kinds of people. */
export interface LedgerDatabase {
  superuser: Pool;
  owner: Pool;
  gateway: Pool;
  /** A further pool, as another gateway process would have. */
  anotherGateway(options?: PoolConfig): Pool;
  /**
   * Runs statements as a superuser who first took every guard off, as a person covering tracks would; `see` looks
   * at the ledger on the same connection. All is undone afterwards.
   */
  tampered<T>(statements: string[], see: (superuser: PoolClient) => Promise<T>): Promise<T>;
  drop(): Promise<void>;
}

export async function createLedgerDatabase(): Promise<LedgerDatabase> {
  const server = process.env['HUB_TEST_DATABASE_URL'];
  if (!server) throw new Error('HUB_TEST_DATABASE_URL names no PostgreSQL; run the tests by npm test');
  const name = `ledger_${randomBytes(6).toString('hex')}`;
  await once(server, `create role ${name}_owner login password 'test'`, createGatewayRole(name));
  await once(server, `create database ${name} owner ${name}_owner`);
  const pools: Pool[] = [];
  const connect = (user?: string, options: PoolConfig = {}) => {
    const pool = new Pool({ connectionString: addressOf(server, name, user), ...options });
    // A test that cuts connections expects the error where it is thrown, not here.
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  };
  const [superuser, owner, gateway] = [connect(), connect(`${name}_owner`), connect(`${name}_gateway`)];
  // Only a superuser may make roles; the owner does the rest, and that is what the migrations ask for.
  await superuser.query(`grant create on database ${name} to ${name}_owner`);
  for (const { sql } of ledgerMigrations) await owner.query(`begin; ${sql}; commit`);
  const drop = async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await once(server, `drop database ${name} with (force)`);
    await once(server, `drop role ${name}_owner`, `drop role ${name}_gateway`);
  };
  return {
    superuser,
    owner,
    gateway,
    anotherGateway: (options) => connect(`${name}_gateway`, options),
    tampered: (statements, see) => tampered(superuser, statements, see),
    drop,
  };
}

/** The key that entries are sealed with; no witness. */
export const TEST_HOME = { sealKey: createSecretKey(Buffer.alloc(32, 'seal')) };

/** The least that an entry may hold. */
export const LEAST_FACTS = `{"at":"2026-01-01T00:00:00.000Z","salt":"${'5a'.repeat(16)}"}`;

/** A home with an authority of its own, and nothing else: what signs, and what signatures are verified with. */
export async function aHome(): Promise<{
  home: string;
  ca: string;
  sign: (text: string) => Promise<string>;
  remove(): Promise<void>;
}> {
  const home = await mkdtemp(join(tmpdir(), 'hub-ledger-'));
  const authority = await openAuthority(home);
  return {
    home,
    ca: await readFile(authority.bundlePath, 'utf8'),
    sign: signerOf(await authority.signingCredentials()),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** An answered query with facts of every kind of value; `n` tells entries apart. */
export function anAnswer(n: number): DecisionAndReleaseFacts {
  return {
    event: 'DECISION_AND_RELEASE',
    request: `request-${n}`,
    tenant: 'municipal',
    fingerprint: 'ab'.repeat(32),
    purpose: 'SUPERVISION',
    operation: { kind: 'QUERY', name: '楼宇', sha256: 'cd'.repeat(32) },
    permissions: ['buildings:read', 'meters:read'],
    allowed: true,
    refusals: [{ permission: 'audits:read', rule: 'own/area', code: 'SCOPE_MISSING' }],
    release: { kind: 'ANSWER', object: null, sha256: 'ef'.repeat(32), bytes: n, items: null },
  };
}

function createGatewayRole(name: string): string {
  return `do $$ begin
      if not exists (select from pg_roles where rolname = 'hub_gateway') then create role hub_gateway; end if;
    exception when duplicate_object or unique_violation then null; end $$;
    create role ${name}_gateway login password 'test' in role hub_gateway`;
}

function addressOf(server: string, database: string, user?: string): string {
  const address = new URL(server);
  address.pathname = `/${database}`;
  if (user) [address.username, address.password] = [user, 'test'];
  return address.href;
}

async function once(server: string, ...statements: string[]): Promise<void> {
  const client = new Client(server);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function tampered<T>(
  pool: Pool,
  statements: string[],
  see: (superuser: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const table of ['entry', 'checkpoint', 'disclosure']) {
      await client.query(`alter table ledger.${table} disable trigger all`);
    }
    await client.query(
      'alter table ledger.entry drop constraint entry_pkey, drop constraint entry_sequence_check',
    );
    for (const statement of statements) await client.query(statement);
    return await see(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
