import pg from 'pg';
import { roomMigrations } from '../subgraphs/index.js';
import { migrate } from '../subgraphs/runtime/migrate.js';
import { demandMigrations } from './demand/migrations.js';
import { ledgerMigrations } from './ledger/migrations.js';
import type { RolePasswords } from './keys.js';
import { STAGES, type Stage } from './policy/grant.js';
import { databaseName, stageUrl, type StageUrls, stageUrls } from './stage-urls.js';

/** Every schema step of the hub: the rooms', the ledger's and that of what callers ask for. */
export const MIGRATIONS = [
  ...roomMigrations,
  { room: 'ledger', migrations: ledgerMigrations },
  { room: 'demand', migrations: demandMigrations },
];

/**
 * Brings both stages' databases up to date: FORMAL is the database of the owner's URL, TEST a second one beside it.
 * Makes the login roles that the hub works with and lets no other role of the hub connect.
 *
 * @param ownerUrl a role that may create roles and databases; it owns the tables and serves no request.
 */
export async function prepareDatabases(
  ownerUrl: string,
  passwords: RolePasswords,
): Promise<Record<Stage, StageUrls>> {
  const name = databaseName(ownerUrl);
  await createDatabase(ownerUrl, `${name}_test`);
  const urls = {} as Record<Stage, StageUrls>;
  for (const stage of STAGES) urls[stage] = await prepareStage(stageUrl(ownerUrl, stage), passwords);
  return urls;
}

const PREPARING = 0x6875_6222;

export async function prepareStage(ownerUrl: string, passwords: RolePasswords): Promise<StageUrls> {
  const database = databaseName(ownerUrl);
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'hub migration' });
  await owner.connect();
  try {
    // Rooms apart all start at once, and PostgreSQL fails the second of two that change one role.
    await owner.query('select pg_advisory_lock($1)', [PREPARING]);
    await migrate(owner, MIGRATIONS);
    await login(owner, database, 'rooms', passwords.rooms);
    await login(owner, database, 'gateway', passwords.gateway);
    await owner.query(`revoke connect, temporary on database ${pg.escapeIdentifier(database)} from public`);
  } finally {
    await owner.end();
  }
  return stageUrls(ownerUrl, passwords);
}

/** A login role of one database and one group; it owns nothing and cannot bypass row-level security. */
async function login(
  owner: pg.Client,
  database: string,
  group: 'rooms' | 'gateway',
  password: string,
): Promise<void> {
  const role = pg.escapeIdentifier(`${database}_${group}`);
  await owner.query(`
    do $$ begin
      create role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole;
    exception when duplicate_object or unique_violation then null; end $$;
    alter role ${role} password ${pg.escapeLiteral(password)};
    grant hub_${group} to ${role};
    grant connect on database ${pg.escapeIdentifier(database)} to ${role};
  `);
}

async function createDatabase(ownerUrl: string, name: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rowCount } = await owner.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await owner.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process was faster.
    if ((error as { code?: string }).code !== '42P04' && (error as { code?: string }).code !== '23505')
      throw error;
  } finally {
    await owner.end();
  }
}
