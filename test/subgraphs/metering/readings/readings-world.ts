import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import pg from 'pg';
import { Refusal } from '../../../../gateway/errors.js';
import type { Permission } from '../../../../gateway/policy/categories.js';
import type { Grant, Reach } from '../../../../gateway/policy/grant.js';
import { roomMigrations } from '../../../../subgraphs/index.js';
import {
  ingest,
  type IngestOptions,
  type IngestOutcome,
} from '../../../../subgraphs/metering/readings/ingest.js';
import type { BulkSession } from '../../../../subgraphs/runtime/bulk.js';
import { migrate } from '../../../../subgraphs/runtime/migrate.js';
import { asRefusal } from '../../../../subgraphs/runtime/session.js';

export const NOW = new Date('2026-03-10T12:00:00+08:00');

export interface MeterRow {
  id: string;
  area: string;
  subject: string;
  building: string | null;
  level: number;
  energy_item: string;
  unit: string;
  interval_minutes: number;
  time_zone: string;
  installed_on: string | null;
  retired_on: string | null;
  kind: 'INTERVAL' | 'REGISTER';
  register_digits: number | null;
  multiplier: string;
  external_scheme: string | null;
  external_value: string | null;
  rated_maximum_per_hour: string | null;
  registered_at: string;
}

/**
 * A database of its own, as a hub on a stranger's server has it: owned by a role that is no superuser, read and
 * written by a role that owns nothing.
 */
export class ReadingsWorld {
  readonly pool: pg.Pool;
  /** Superuser: sees every row. */
  readonly admin: pg.Pool;
  readonly #server: string;
  readonly #name: string;

  private constructor(server: string, name: string) {
    this.#server = server;
    this.#name = name;
    this.admin = new pg.Pool({ connectionString: urlOf(server, name), max: 2 });
    this.pool = new pg.Pool({ connectionString: urlOf(server, name, `${name}_rooms`), max: 4 });
    for (const pool of [this.pool, this.admin]) pool.on('error', () => undefined);
  }

  static async open(server: string): Promise<ReadingsWorld> {
    const name = `readings_${randomUUID().slice(0, 8)}`;
    await asAdmin(server, async (admin) => {
      for (const group of ['hub_rooms', 'hub_gateway', 'hub_views'])
        await admin.query(
          `do $$ begin create role ${group} nologin; exception when others then null; end $$`,
        );
      await admin.query(`create role ${name}_owner login createrole password 'secret' in role hub_views`);
      await admin.query(`create role ${name}_rooms login password 'secret' in role hub_rooms`);
      await admin.query(`create database ${name} owner ${name}_owner`);
    });
    const owner = new pg.Client(urlOf(server, name, `${name}_owner`));
    await owner.connect();
    await migrate(
      owner,
      roomMigrations.filter(({ room }) => room === 'runtime' || room === 'metering'),
    );
    await owner.end();
    return new ReadingsWorld(server, name);
  }

  async has(...meters: Partial<MeterRow>[]): Promise<void> {
    for (const meter of meters) {
      const row: Record<string, unknown> = {
        id: 'm1',
        area: '310101',
        subject: 'A',
        building: null,
        level: 1,
        unit: 'kWh',
        interval_minutes: 60,
        time_zone: 'Asia/Shanghai',
        platform: 'district',
        ...meter,
      };
      row['name'] ??= row['id'];
      row['energy_item'] ??= { therm: '03000', USGal: '02000' }[String(row['unit'])] ?? '01000';
      const columns = Object.keys(row).join(', ');
      await this.admin.query(
        `insert into metering.meter (${columns}) select ${columns} from jsonb_populate_record(null::metering.meter, $1)`,
        [JSON.stringify(row)],
      );
    }
  }

  /** Forgets the meters, whatever is of a meter and what refers to that, partitions excepted. */
  async clear(): Promise<void> {
    await this.admin.query(`
      do $$ declare
        tables text;
        guarded regclass;
        guards regclass[];
      begin
        with recursive forgotten (relation) as (
          select pg_class.oid from pg_class
          where relnamespace = 'metering'::regnamespace and relkind in ('r', 'p') and not relispartition
            and exists (select from pg_attribute where attrelid = pg_class.oid
              and (attname = 'meter' or (relname = 'meter' and attname = 'id')))
          union
          select conrelid from pg_constraint join forgotten on confrelid = relation where contype = 'f'
        )
        select string_agg(relation::regclass::text, ', ') into tables from forgotten;
        select array_agg(tgrelid::regclass) into guards from pg_trigger
        where tgname = 'refuse_change' and tgrelid = any(string_to_array(tables, ', ')::regclass[]);
        foreach guarded in array guards loop execute format('alter table %s disable trigger refuse_change', guarded); end loop;
        execute format('truncate %s', tables);
        foreach guarded in array guards loop execute format('alter table %s enable always trigger refuse_change', guarded); end loop;
      end $$`);
  }

  session(tenant: string, reach: Partial<Record<Permission, Reach>>): BulkSession {
    const grant = {
      request: randomUUID(),
      caller: { tenant, area: '310101' },
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
        failure = error instanceof Refusal ? undefined : (error as Error);
        throw error;
      } finally {
        client.release(failure);
      }
    };
    return {
      grant: grant as unknown as Grant,
      neighbours: { call: () => Promise.reject(new Error('no neighbours here')) },
      sign: () => Promise.reject(new Error('no signature here')),
      unit: () => Promise.reject(new Error('no entities here')),
      tryLock: () => Promise.reject(new Error('no locks here')),
      transaction: (work) => connection((client) => inTransaction(client, setting, work)),
    };
  }

  /** The district platform of 310101: it writes and reads what lies there. */
  get district(): BulkSession {
    const reach = { areas: ['310101'], subjects: [] };
    return this.session('district', {
      'readings:write': reach,
      'readings:read': reach,
      'batches:read': reach,
    });
  }

  upload(
    body: string | Buffer | Readable,
    options: Partial<IngestOptions> = {},
    session = this.district,
  ): Promise<IngestOutcome> {
    const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body as string)]);
    return ingest(stream, { batch: randomUUID(), now: NOW, ...options }, session);
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query<Row>(sql, parameters)).rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.admin.end();
    const name = this.#name;
    await asAdmin(this.#server, async (admin) => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.query(`drop role ${name}_rooms`);
      await admin.query(`drop role ${name}_owner`);
    });
  }
}

async function inTransaction<T>(
  client: pg.PoolClient,
  setting: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
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
}

function urlOf(server: string, database: string, user?: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  if (user) {
    url.username = user;
    url.password = 'secret';
  }
  return url.href;
}

async function asAdmin(server: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client(server);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** The server that the test run has started. */
export function testServer(): string {
  const url = process.env['HUB_TEST_DATABASE_URL'];
  if (!url) throw new Error('HUB_TEST_DATABASE_URL is not set: run through jest');
  return url;
}
