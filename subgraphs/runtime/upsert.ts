import type { EntityClass } from '@mikro-orm/postgresql';
import { Refusal } from '../../gateway/errors.js';
import { asRefusal, type Session } from './session.js';

const LARGEST_LIST = 500;

/**
 * Adds rows or, where the key exists, changes them: one statement for the whole list, checked by row-level security.
 *
 * @returns the rows as they now stand, in no particular order.
 * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT, CONFLICT; nothing is written then.
 */
export async function upsert<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  rows: Partial<T>[],
  key: keyof T & string,
): Promise<T[]> {
  return write(session, entity, rows, (columnOf, columns) => {
    const changes = columns
      .filter((column) => column !== columnOf(key))
      .map((column) => `${column} = excluded.${column}`);
    return `on conflict (${columnOf(key)}) do update set ${changes.join(', ')}`;
  });
}

/** Adds rows that were not there before, likewise; the archive's tables may not be changed, so they take no other. */
export async function add<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  rows: Partial<T>[],
): Promise<T[]> {
  return write(session, entity, rows, () => '');
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
  whereStored: (columnOf: (name: string) => string, columns: string[]) => string,
): Promise<T[]> {
  if (rows.length === 0) return [];
  checkList(rows);
  const metadata = session.em.getMetadata().get(entity);
  const columnOf = (name: string): string =>
    metadata.props.find((property) => property.name === name)?.fieldNames[0] ?? name;
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map(columnOf);
  const table = `${metadata.schema}.${metadata.tableName}`;
  const records = rows.map((row) =>
    Object.fromEntries(names.map((name) => [columnOf(name), row[name as keyof T]])),
  );
  const all = metadata.props.flatMap((property) => property.fieldNames);
  try {
    return await session.entities(
      entity,
      `insert into ${table} (${columns.join(', ')})
       select ${columns.join(', ')} from jsonb_populate_recordset(null::${table}, $1::jsonb)
       ${whereStored(columnOf, columns)} returning ${all.join(', ')}`,
      [JSON.stringify(records)],
    );
  } catch (error) {
    throw asRefusal(error);
  }
}
