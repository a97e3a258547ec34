import type { Client, ClientBase } from 'pg';

/** One forward-only step of a room's schema, run once by the database's owner in a transaction. */
export interface RoomMigration {
  name: string;
  sql: string;
}

export interface MigrationSet {
  /** The room, or `runtime`, or `ledger`. */
  room: string;
  migrations: RoomMigration[];
}

const LOCK = 0x6875_6221;

/**
 * Rooms read and write as members of `hub_rooms`, the gateway as a member of `hub_gateway`; neither owns anything.
 * `hub_views` owns the views that show rows with some of their contents masked: row-level security binds it, so a view
 * of its reads no more than its policies let it. Nobody logs in as it; the owner must be a member to give it a view.
 */
const GROUP_ROLES = `
  do $$
  declare wanted text;
  begin
    foreach wanted in array array['hub_rooms', 'hub_gateway', 'hub_views'] loop
      -- Looked for first: an owner without CREATEROLE may work with roles that somebody made for it.
      continue when exists (select from pg_roles where rolname = wanted);
      begin
        execute format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then null;
      end;
    end loop;
    if not pg_has_role(current_user, 'hub_views', 'member') then
      execute format('grant hub_views to %I', current_user);
    end if;
  end $$;
`;

/**
 * Brings a database up to date: every step that it has not seen, in order, all or nothing, one process at a time.
 *
 * @returns the steps that were run, as `room/name`.
 */
export async function migrate(owner: ClientBase | Client, sets: MigrationSet[]): Promise<string[]> {
  await owner.query('begin');
  try {
    await owner.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await owner.query(GROUP_ROLES);
    await owner.query(`
      create schema if not exists migrations;
      create table if not exists migrations.applied (
        room text, name text, applied_at timestamptz not null default now(), primary key (room, name)
      );
      revoke all on schema migrations from public;
    `);
    const ran = await runMissing(owner, sets);
    await owner.query('commit');
    return ran;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

async function runMissing(owner: ClientBase, sets: MigrationSet[]): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `select room || '/' || name as id from migrations.applied`,
  );
  const applied = new Set(rows.map(({ id }) => id));
  const ran: string[] = [];
  for (const { room, migrations } of sets) {
    for (const migration of migrations) {
      const { name } = migration;
      if (applied.has(`${room}/${name}`)) continue;
      await owner.query(migration.sql).catch((cause: Error) => {
        throw new Error(`Migration ${room}/${name} failed: ${cause.message}`, { cause });
      });
      await owner.query('insert into migrations.applied (room, name) values ($1, $2)', [room, name]);
      ran.push(`${room}/${name}`);
    }
  }
  return ran;
}
