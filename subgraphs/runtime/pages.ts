import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { checkedFirst, decodeCursor, encodeCursor, pageOf, type Page, type PageArguments } from './lists.js';
import type { Session } from './session.js';

/** A restriction on a property; an undefined or null value restricts nothing. `is null` takes the value true. */
export interface Condition<T> {
  property: keyof T & string;
  is: '=' | 'in' | '>=' | '<=' | 'starts with' | 'is null';
  value: unknown;
}

export interface Order<T> {
  /** Sort properties, the last one unique; none of them ever null. */
  by: (keyof T & string)[];
  descending?: boolean;
}

interface Statement {
  sql: string;
  parameters: unknown[];
}

/** One list of an entity: a page in one statement. */
export async function page<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  request: PageArguments,
  order: Order<T>,
  conditions: Condition<T>[] = [],
): Promise<Page<T>> {
  const table = new Table(session.em, entity);
  const { sql, parameters } = table.select(request, order, conditions, []);
  const rows = await session.entities(entity, sql, parameters);
  return pageOf(rows, checkedFirst(request.first), (row) =>
    encodeCursor(
      table.list(order),
      order.by.map((property) => row[property]),
    ),
  );
}

/**
 * The same list for many parents in one statement (a lateral join, so each parent stops at its own `first`).
 *
 * @returns one page for each key, in the order of the keys.
 */
export async function pages<T extends object>(
  session: Session,
  entity: EntityClass<T>,
  parent: { property: keyof T & string; keys: readonly string[] },
  request: PageArguments,
  order: Order<T>,
  conditions: Condition<T>[] = [],
): Promise<Page<T>[]> {
  const table = new Table(session.em, entity);
  const inner = table.select(
    request,
    order,
    conditions,
    [parent.keys],
    `${table.column(parent.property)} = wanted.parent`,
  );
  const sql = `select entry.* from unnest($1::text[]) with ordinality as wanted(parent, place)
    cross join lateral (${inner.sql}) as entry order by wanted.place`;
  const rows = await session.entities(entity, sql, inner.parameters);
  const byParent = Map.groupBy(rows, (row) => String(row[parent.property]));
  return parent.keys.map((key) =>
    pageOf(byParent.get(key) ?? [], checkedFirst(request.first), (row) =>
      encodeCursor(
        table.list(order),
        order.by.map((property) => row[property]),
      ),
    ),
  );
}

/** Loads what has the same arguments in one batch: one DataLoader for each set of arguments. */
export class PagesLoader<Arguments extends object, Value> {
  readonly #loaders = new Map<string, DataLoader<string, Value>>();
  readonly #batch: (keys: readonly string[], args: Arguments) => Promise<(Value | Error)[]>;

  /** What is an error in the batch is one for its key alone. */
  constructor(batch: (keys: readonly string[], args: Arguments) => Promise<(Value | Error)[]>) {
    this.#batch = batch;
  }

  load(key: string, args: Arguments): Promise<Value> {
    const name = JSON.stringify(args);
    let loader = this.#loaders.get(name);
    if (!loader) {
      loader = new DataLoader((keys: readonly string[]) => this.#batch(keys, args));
      this.#loaders.set(name, loader);
    }
    return loader.load(key);
  }
}

/** Rows in the order of their keys; an unseen row is null, as if absent. */
export function inOrder<T>(keys: readonly string[], rows: T[], keyOf: (row: T) => string): (T | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}

class Table<T extends object> {
  readonly #entity: string;
  readonly #name: string;
  readonly #columns: Map<string, string>;

  constructor(em: EntityManager, entity: EntityClass<T>) {
    const metadata = em.getMetadata().get(entity);
    this.#entity = metadata.className;
    this.#name = `${metadata.schema}.${metadata.tableName}`;
    this.#columns = new Map(
      metadata.props.map((property) => [property.name as string, property.fieldNames[0] ?? '']),
    );
  }

  /** What a cursor belongs to: the same place in another list means nothing. */
  list(order: Order<T>): string {
    return [this.#entity, ...order.by].join('.');
  }

  column(property: string): string {
    const column = this.#columns.get(property);
    if (!column) throw new Error(`${this.#name} has no column for ${property}`);
    return column;
  }

  select(
    request: PageArguments,
    order: Order<T>,
    conditions: Condition<T>[],
    bound: unknown[],
    where = 'true',
  ): Statement {
    const parameters = [...bound];
    const bind = (value: unknown): string => `$${parameters.push(value)}`;
    const clauses = [where];
    for (const { property, is, value } of conditions) {
      if (value === undefined || value === null) continue;
      const column = this.column(property);
      if (is === 'in') clauses.push(`${column} = any(${bind(value)})`);
      else if (is === 'is null') clauses.push(`${column} is null`);
      else if (is === 'starts with') clauses.push(`starts_with(${column}, ${bind(value)})`);
      // A number that the column's type cannot hold is in no row; it is not a mistake.
      else clauses.push(`${column} ${is} ${bind(value)}${typeof value === 'number' ? '::bigint' : ''}`);
    }
    const sort = order.by.map((property) => this.column(property));
    if (typeof request.after === 'string') {
      const cursor = decodeCursor(request.after, this.list(order), sort.length);
      clauses.push(`(${sort.join(', ')}) ${order.descending ? '<' : '>'} (${cursor.map(bind).join(', ')})`);
    }
    const direction = order.descending ? ' desc' : '';
    const limit = bind(checkedFirst(request.first) + 1);
    return {
      sql: `select ${[...this.#columns.values()].join(', ')} from ${this.#name} where ${clauses.join(' and ')}
        order by ${sort.map((column) => column + direction).join(', ')} limit ${limit}`,
      parameters,
    };
  }
}
