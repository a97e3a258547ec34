import type { Category } from '../../gateway/policy/categories.js';
import { limitedFunction, mayRead } from './reach.js';

/**
 * Makes a table history: its rows are added and never changed or deleted, not by the owner either, as long as nobody
 * takes the triggers off. A row whose state moves on names the columns that say so; the rest of it stays.
 */
export function appendOnly(table: string, ...changing: string[]): string {
  const refused = changing.length > 0 ? 'delete or truncate' : 'update or delete or truncate';
  return `
    create trigger refuse_change before ${refused} on ${table}
      for each statement execute function runtime.refuse_change();
    alter table ${table} enable always trigger refuse_change;
    ${changing.length > 0 ? keepingTheRest(table, changing) : ''}`;
}

function keepingTheRest(table: string, changing: string[]): string {
  const columns = changing.map((column) => `'${column}'`).join(', ');
  return `
    create trigger refuse_other_change before update on ${table}
      for each row execute function runtime.refuse_other_change(${columns});
    alter table ${table} enable always trigger refuse_other_change;`;
}

export interface Register {
  table: string;
  category: Category;
  /** Its primary key. */
  key?: string;
  subject?: string;
  /** Columns that the database keeps by itself: they make no version. */
  computed?: string[];
}

/**
 * Keeps what a register said before: each update that changes something adds the whole row of before to
 * `<table>_superseded`, whoever makes it. It is read as the row itself was: by the area and subject of then.
 */
export function keepVersions({
  table,
  category,
  key = 'id',
  subject = 'subject',
  computed = [],
}: Register): string {
  const versions = `${table}_superseded`;
  const seen = mayRead(category, { limited: { column: 'key', among: limitedFunction(table) } });
  const parameters = [key, subject, ...computed].map((column) => `'${column}'`).join(', ');
  return `
    create table ${versions} (
      key text collate "C" not null,
      number integer not null,
      area text not null,
      subject text not null,
      before jsonb not null,
      -- What became different, as text so that no digit is lost.
      was jsonb not null,
      replaced_by text not null,
      request text,
      replaced_at timestamptz not null default now(),
      primary key (key, number)
    );
    alter table ${versions} enable row level security;
    create policy reading on ${versions} for select to hub_rooms using (${seen});
    grant select (key, number, area, subject, was, replaced_by, replaced_at) on ${versions} to hub_rooms;
    ${appendOnly(versions)}
    create trigger keep_version after update on ${table}
      for each row when (old.* is distinct from new.*) execute function runtime.keep_version(${parameters});
    alter table ${table} enable always trigger keep_version;`;
}
