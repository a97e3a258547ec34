import { appendOnly } from './history.js';
import { mayWrite } from './reach.js';

/**
 * What is delivered with the hub and admins set anew for their areas: in `<room>.set_<name>` stands all that was ever
 * set, each setting the next version; the view `<room>.known_<name>`, which the room writes, shows what was delivered
 * as version 0 of the nation and the last of what was set.
 */
export interface AreaSettings {
  room: string;
  name: string;
  /** Column that says what is set, with its SQL type and checks. */
  key: [column: string, type: string];
  /** What is said of it: columns with their SQL types and checks. */
  values: Record<string, string>;
}

/** The table of what was set, for a migration: read by any room, added to by who may set scopes of the area. */
export function settingsTable({ room, name, key: [key, type], values }: AreaSettings): string {
  const table = `${room}.set_${name}`;
  const columns = Object.entries(values).map(([column, definition]) => `${column} ${definition},`);
  return `
    create table ${table} (
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      ${key} ${type},
      version integer not null,
      ${columns.join('\n      ')}
      source text not null check (length(source) between 1 and 500),
      set_by text not null,
      set_at timestamptz not null,
      primary key (area, ${key}, version)
    );
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (true);
    create policy adding on ${table} for insert to hub_rooms with check (${mayWrite('scopes', { subject: null })});
    grant select, insert (${['area', key, ...Object.keys(values), 'source'].join(', ')}) on ${table} to hub_rooms;
    ${appendOnly(table)}

    create function ${room}.next_${name}() returns trigger language plpgsql set search_path = pg_catalog as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('${table} ' || new.area, 0));
      select coalesce(max(version), 0) + 1 into new.version from ${table}
        where area = new.area and ${key} = new.${key};
      new.set_by := runtime.caller();
      new.set_at := now();
      return new;
    end $$;
    revoke execute on function ${room}.next_${name}() from public;
    create trigger next_${name} before insert on ${table} for each row execute function ${room}.next_${name}();
  `;
}

/** The last that was set, as a FROM item `said`, for the view. */
export function lastSet({ room, name, key: [key] }: AreaSettings): string {
  const table = `${room}.set_${name}`;
  return `(select * from ${table} as one where not exists (select from ${table} as later
    where later.area = one.area and later.${key} = one.${key} and later.version > one.version)) as said`;
}
