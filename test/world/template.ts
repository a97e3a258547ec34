import { access, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { openAuthority } from '../../certs/authority.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { grantKeys, rolePasswords } from '../../gateway/keys.js';
import { PARTIES } from './parties.js';
import { register } from './register.js';

/** What every world of a run is copied from: keys and schemas take seconds to make and are the same in all of them. */
export interface Template {
  /** Authority, keys, and the certificates of every party. */
  home: string;
  /** Migrated, with the parties registered; `<database>_test` beside it. */
  database: string;
}

const READY = 'ready';
const LOCK = 0x7465_7374;

/** Copies the run's template into `home` and into two new databases called `database` and `<database>_test`. */
export async function copyTemplate(home: string, database: string): Promise<void> {
  const template = runTemplate();
  await onTestServer(async (client) => {
    // The first world makes it; worlds of other workers wait here. The lock ends with the connection.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    if (!(await isMade(template))) await make(client, template);
    for (const suffix of ['', '_test']) {
      await client.query(
        `create database ${database}${suffix} template ${template.database}${suffix} strategy file_copy`,
      );
    }
  });
  await cp(template.home, home, { recursive: true });
}

/** A connection of the test server's owner for the length of `work`. */
export async function onTestServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: testServer() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Drops a database, its TEST sibling and their roles. */
export async function dropDatabases(name: string): Promise<void> {
  await onTestServer(async (client) => {
    for (const database of [name, `${name}_test`]) {
      await client.query(`drop database if exists ${database} with (force)`);
      await client.query(`drop role if exists ${database}_rooms`);
      await client.query(`drop role if exists ${database}_gateway`);
    }
  });
}

/** The owner's URL of the test server, or of one database on it. */
export function testServer(database?: string): string {
  const url = new URL(setting('HUB_TEST_DATABASE_URL'));
  if (database) url.pathname = `/${database}`;
  return url.toString();
}

function runTemplate(): Template {
  return { home: setting('HUB_TEST_HOME'), database: setting('HUB_TEST_TEMPLATE') };
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with npm test`);
  return value;
}

async function isMade({ home }: Template): Promise<boolean> {
  return access(join(home, READY)).then(
    () => true,
    () => false,
  );
}

async function make(client: Client, { home, database }: Template): Promise<void> {
  await client.query(`create database ${database}`);
  await grantKeys(home);
  const databases = await prepareDatabases(testServer(database), await rolePasswords(home));
  const authority = await openAuthority(home);
  await Promise.all([
    authority.serverCredentials(),
    authority.signingCredentials(),
    authority.gatewayCredentials(),
  ]);
  await register(home, databases, PARTIES);
  await writeFile(join(home, READY), '');
}
