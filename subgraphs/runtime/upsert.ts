import type { EntityClass } from '@mikro-orm/postgresql';
import { Refusal } from '../../gateway/errors.js';
import { asRefusal, type Session } from './session.js';

const LARGEST_LIST = 500;

const GIVEN = 'jsonb_array_elements($1::jsonb) as given';

interface Target {
  table: string;
  columns: string[];
  columnOf: (name: string) => string;
}

/**
 * Adds rows or, where the key exists, changes them: one statement for the whole list, checked by row-level security.
 * What is undefined in a row stays as it is stored; in a new row it is what `absent` says, or else null.
 *
 * @returns the rows as they now stand, in no particular order.
 * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT, CONFLICT; nothing is written then.
 */
export async function upsert<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  rows: Partial<T>[],
  key: keyof T & string,
  absent: Partial<T> = {},
): Promise<T[]> {
  return write(session, entity, rows, absent, ({ columnOf, columns, table }) => {
    const changes = columns
      .filter((column) => column !== columnOf(key))
      .map((column) => `${column} = excluded.${column}`);
    return {
      from: `${GIVEN} left join ${table} as stored on stored.${columnOf(key)} = given ->> '${columnOf(key)}'
        cross join lateral jsonb_populate_record(coalesce(stored, jsonb_populate_record(null::${table}, $2::jsonb)), given) as one`,
      whereStored: `on conflict (${columnOf(key)}) do update set ${changes.join(', ')}`,
    };
  });
}

/** Adds rows that were not there before, likewise; the archive's tables may not be changed, so they take no other. */
export async function add<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  rows: Partial<T>[],
): Promise<T[]> {
  return write(session, entity, rows, {}, ({ table }) => ({
    from: `${GIVEN} cross join lateral jsonb_populate_record(jsonb_populate_record(null::${table}, $2::jsonb), given) as one`,
    whereStored: '',
  }));
}

/** @throws Refusal BAD_USER_INPUT for more than are taken at once. */
export function checkList(rows: readonly unknown[]): void {
  if (rows.length > LARGEST_LIST)
    throw new Refusal('BAD_USER_INPUT', {
      message: `At most ${LARGEST_LIST} rows at once, were ${rows.length}.`,
    });
}

async function write<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  rows: Partial<T>[],
  absent: Partial<T>,
  how: (target: Target) => { from: string; whereStored: string },
): Promise<T[]> {
  if (rows.length === 0) return [];
  checkList(rows);
  const metadata = session.em.getMetadata().get(entity);
  const columnOf = (name: string): string =>
    metadata.props.find((property) => property.name === name)?.fieldNames[0] ?? name;
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map(columnOf);
  const table = `${metadata.schema}.${metadata.tableName}`;
  // What is undefined is left out as it is written as JSON.
  const record = (row: Partial<T>): object =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [columnOf(name), value]));
  const { from, whereStored } = how({ columnOf, columns, table });
  const all = metadata.props.flatMap((property) => property.fieldNames);
  try {
    return await session.entities(
      entity,
      `insert into ${table} (${columns.join(', ')})
       select ${columns.map((column) => `one.${column}`).join(', ')} from ${from}
       ${whereStored} returning ${all.join(', ')}`,
      [JSON.stringify(rows.map(record)), JSON.stringify(record(absent))],
    );
  } catch (error) {
    throw asRefusal(error);
  }
}
