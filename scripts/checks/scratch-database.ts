import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { prepareStage } from '../../gateway/databases.js';

export interface ScratchDatabase {
  /** The owner's connection URL. */
  url: string;
  /** The owner's own connection. */
  owner: Client;
  drop(): Promise<void>;
}

/**
 * An empty database on a server, prepared as a new hub's is, logins included, with this month's partition in it.
 *
 * @param serverUrl a role that may create databases and roles.
 */
export async function scratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const name = `hub_check_${randomBytes(5).toString('hex')}`;
  await run(serverUrl, [`create database ${escapeIdentifier(name)}`]);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const owner = new Client({ connectionString: url.href, application_name: 'hub check' });
  const drop = async (): Promise<void> => {
    await owner.end().catch(() => undefined);
    await run(serverUrl, [
      `drop database if exists ${escapeIdentifier(name)} with (force)`,
      `drop role if exists ${name}_rooms, ${name}_gateway`,
    ]);
  };
  try {
    await owner.connect();
    await prepareStage(url.href, {
      rooms: randomBytes(16).toString('hex'),
      gateway: randomBytes(16).toString('hex'),
    });
    await owner.query('select metering.ensure_month(current_date)');
  } catch (fault) {
    await drop();
    throw fault;
  }
  return { url: url.href, owner, drop };
}

async function run(url: string, statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'hub check' });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
