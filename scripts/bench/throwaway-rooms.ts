import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Permission } from '../../gateway/policy/categories.js';
import type { Grant, Reach } from '../../gateway/policy/grant.js';
import type { BulkSession } from '../../subgraphs/runtime/bulk.js';
import { asRefusal } from '../../subgraphs/runtime/session.js';
import { migrate, type MigrationSet } from '../../subgraphs/runtime/migrate.js';

/** A database for one measurement, with a role for the rooms that owns nothing; `close` removes both. */
export class ThrowawayRooms {
  readonly admin: pg.Client;
  readonly pool: pg.Pool;
  readonly #server: string;
  readonly #name: string;

  private constructor(server: string, name: string, password: string) {
    this.#server = server;
    this.#name = name;
    this.admin = new pg.Client(urlOf(server, name));
    this.pool = new pg.Pool({ connectionString: urlOf(server, name, `${name}_rooms`, password), max: 4 });
    this.pool.on('error', () => undefined);
  }

  static async open(adminUrl: string, sets: MigrationSet[]): Promise<ThrowawayRooms> {
    const name = `bench_${randomUUID().slice(0, 8)}`;
    const password = randomUUID();
    await once(adminUrl, [`create database ${name}`]);
    const rooms = new ThrowawayRooms(adminUrl, name, password);
    await rooms.admin.connect();
    await migrate(rooms.admin, sets);
    await rooms.admin.query(`create role ${name}_rooms login password '${password}' in role hub_rooms`);
    return rooms;
  }

  /** A session as the runtime opens it, for a tenant of district 310101. */
  session(reach: Partial<Record<Permission, Reach>>): BulkSession {
    const grant = {
      request: 'bench',
      caller: { tenant: 'bench', area: '310101' },
      purpose: 'DATA_REPORTING',
      reach,
    };
    const setting = JSON.stringify(grant);
    const connection = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
      const client = await this.pool.connect();
      let failure: Error | undefined;
      try {
        return await work(client);
      } catch (error) {
        failure = error as Error;
        throw error;
      } finally {
        client.release(failure);
      }
    };
    return {
      grant: grant as unknown as Grant,
      neighbours: { call: () => Promise.reject(new Error('the benchmark has no neighbours')) },
      sign: () => Promise.reject(new Error('the benchmark signs nothing')),
      tryLock: () => Promise.reject(new Error('no locks here')),
      transaction: (work) =>
        connection(async (client) => {
          await client.query('begin');
          try {
            await client.query(`select set_config('hub.grant', $1, true)`, [setting]);
            const result = await work(client);
            await client.query('commit');
            return result;
          } catch (error) {
            await client.query('rollback').catch(() => undefined);
            throw asRefusal(error);
          }
        }),
    };
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.admin.end();
    await once(this.#server, [
      `drop database ${this.#name} with (force)`,
      `drop role if exists ${this.#name}_rooms`,
    ]);
  }
}

async function once(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string, user?: string, password?: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  if (user) url.username = user;
  if (password) url.password = password;
  return url.href;
}
