import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { type EntityMetadata, MikroORM } from '@mikro-orm/postgresql';
import type { ClientBase } from 'pg';
import type { DeclaredRoom } from '../../subgraphs/runtime/room.js';

interface Column {
  name: string;
  /** In PostgreSQL's own spelling: `timestamp with time zone`, not `timestamptz`. */
  type: string;
  isNullable: boolean;
  isKey: boolean;
  /** Whether PostgreSQL fills it in where an insert leaves it out. */
  hasDefault: boolean;
}

interface ActualColumn extends Column {
  isOfView: boolean;
}

/** Columns by table, `schema.table`. */
type Tables = ReadonlyMap<string, Column[]>;

/**
 * Where the rooms' entities and their tables differ: table, column, type, nullability, key, default.
 * What only a table has (policies, indexes, checks, partitions, columns that no entity needs) is made by hand and
 * compared with nothing: MikroORM's own comparison would ask for all of it to be dropped.
 *
 * @param owner a connection to a database on which all migrations have run.
 */
export async function entityDrift(owner: ClientBase, rooms: readonly DeclaredRoom[]): Promise<string[]> {
  const declared = await declaredTables(owner, rooms);
  const actual = await actualTables(owner, [...declared.keys()]);
  return [...declared].flatMap(([table, columns]) => {
    const found = actual.get(table);
    return found ? differences(table, columns, found) : [`there is no table ${table}`];
  });
}

function differences(table: string, declared: Column[], actual: ActualColumn[]): string[] {
  const faults = declared.flatMap((column) => {
    const found = actual.find(({ name }) => name === column.name);
    return found
      ? columnFaults(`${table}.${column.name}`, column, found)
      : [`${table} has no column ${column.name}`];
  });
  const unknownKeys = actual.filter(
    ({ name, isKey }) => isKey && !declared.some((column) => column.name === name),
  );
  return [
    ...faults,
    ...unknownKeys.map(({ name }) => `${table}.${name} is part of the key, and no property of the entity`),
  ];
}

function columnFaults(place: string, declared: Column, actual: ActualColumn): string[] {
  const faults: string[] = [];
  if (declared.type !== actual.type)
    faults.push(`${place} is ${actual.type}, the entity says ${declared.type}`);
  // Of a view's columns PostgreSQL knows the type alone.
  if (actual.isOfView) return faults;
  if (declared.isNullable !== actual.isNullable) {
    faults.push(`${place} is ${nullability(actual)}, the entity says ${nullability(declared)}`);
  }
  if (declared.isKey !== actual.isKey) {
    faults.push(`${place} is ${actual.isKey ? 'part' : 'no part'} of the key, the entity says otherwise`);
  }
  if (declared.hasDefault && !actual.hasDefault)
    faults.push(`${place} has no default, the entity says it has`);
  return faults;
}

function nullability({ isNullable }: Column): string {
  return isNullable ? 'nullable' : 'not null';
}

/** What the decorators say. */
async function declaredTables(owner: ClientBase, rooms: readonly DeclaredRoom[]): Promise<Tables> {
  const built = await Promise.all(rooms.map((room) => room.build()));
  const entities = built.flatMap((room) => room.entities);
  // Reading the decorators opens no connection, so the name is nobody's.
  const orm = await MikroORM.init({
    entities,
    metadataProvider: ReflectMetadataProvider,
    dbName: 'none',
    ensureDatabase: false,
  });
  try {
    const all = entities.map((entity) => orm.getMetadata().get(entity) as EntityMetadata);
    const canonical = await canonicalTypes(owner, all.flatMap(columnTypes));
    return new Map(
      all.map((metadata) => [`${metadata.schema}.${metadata.tableName}`, columnsOf(metadata, canonical)]),
    );
  } finally {
    await orm.close();
  }
}

function columnTypes({ props }: EntityMetadata): string[] {
  return props.flatMap((property) => property.columnTypes ?? []);
}

function columnsOf({ props }: EntityMetadata, canonical: ReadonlyMap<string, string>): Column[] {
  return props
    .filter(({ persist }) => persist !== false)
    .map(({ fieldNames, columnTypes: [type = ''], nullable, primary, default: value, defaultRaw }) => ({
      name: fieldNames[0] ?? '',
      type: canonical.get(type) ?? type,
      isNullable: nullable === true,
      isKey: primary === true,
      hasDefault: value !== undefined || defaultRaw !== undefined,
    }));
}

async function canonicalTypes(owner: ClientBase, types: string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await owner.query<{ type: string; canonical: string }>(
    'select type, type::regtype::text as canonical from unnest($1::text[]) as type',
    [[...new Set(types)]],
  );
  return new Map(rows.map(({ type, canonical }) => [type, canonical]));
}

async function actualTables(
  owner: ClientBase,
  tables: string[],
): Promise<ReadonlyMap<string, ActualColumn[]>> {
  const { rows } = await owner.query<ActualColumn & { table: string }>(
    `select wanted.name as table, attname as name, atttypid::regtype::text as type, not attnotnull as "isNullable",
       atthasdef or attidentity <> '' as "hasDefault",
       exists (select from pg_index where indrelid = attrelid and indisprimary and attnum = any(indkey)) as "isKey",
       relkind = 'v' as "isOfView"
     from unnest($1::text[]) as wanted(name)
     join pg_attribute on attrelid = to_regclass(wanted.name) and attnum > 0 and not attisdropped
     join pg_class on pg_class.oid = attrelid
     order by wanted.name, attnum`,
    [tables],
  );
  return Map.groupBy(rows, ({ table }) => table);
}
