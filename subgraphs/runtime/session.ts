import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import { Refusal } from '../../gateway/errors.js';
import { categoryOf, type Permission } from '../../gateway/policy/categories.js';
import type { Grant } from '../../gateway/policy/grant.js';
import type { Neighbours } from './neighbours.js';

/**
 * One piece of work under one grant, in one transaction: PostgreSQL filters and checks every statement by the grant.
 * A session is made by the runtime alone, from a verified grant; nothing else reaches the database.
 */
export class Session {
  readonly grant: Grant;
  readonly em: EntityManager;
  readonly neighbours: Neighbours;

  constructor(grant: Grant, em: EntityManager, neighbours: Neighbours) {
    this.grant = grant;
    this.em = em;
    this.neighbours = neighbours;
  }

  /** Rows of one statement with bound parameters (`$1`), in this session's transaction. */
  async rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const transaction = this.em.getTransactionContext<Kysely<unknown>>();
    if (!transaction) throw new Error('a session works only inside its transaction');
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(sql, parameters));
    return rows as Row[];
  }

  /** Rows of one statement as entities; the statement selects the entity's own columns. */
  async entities<T extends object>(entity: EntityClass<T>, sql: string, parameters: unknown[]): Promise<T[]> {
    const rows = await this.rows<Record<string, unknown>>(sql, parameters);
    return rows.map((row) => this.em.map(entity, row as never) as T);
  }

  /** Saves what was created or changed in this session, turning the database's refusal into ours. */
  async flush(): Promise<void> {
    try {
      await this.em.flush();
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** Whether the grant covers a row, for a clear refusal before PostgreSQL gives its own. */
  mustReach(permission: Permission, row: { area: string; subject?: string | null }): void {
    const reach = this.grant.reach[permission];
    const inArea = reach?.areas.some((prefix) => row.area.startsWith(prefix)) ?? false;
    const isSubject = row.subject ? (reach?.subjects.includes(row.subject) ?? false) : false;
    if (inArea || isSubject) return;
    throw new Refusal('ROW_OUT_OF_REACH', {
      rule: 'rows/reach',
      message: `The ${categoryOf(permission)} row lies outside your reach.`,
    });
  }
}

const ROW_LEVEL_SECURITY = '42501';
const UNIQUE_VIOLATION = '23505';
const CHECK_OR_REFERENCE = ['23514', '23503', '23502', '22P02', '22001', '22003'];

/** PostgreSQL's refusals by SQLSTATE; anything else is a fault and stays one. */
export function asRefusal(error: unknown): unknown {
  const state = (error as { code?: unknown } | null)?.code;
  if (state === ROW_LEVEL_SECURITY) return new Refusal('ROW_OUT_OF_REACH', { rule: 'rows/reach' });
  if (state === UNIQUE_VIOLATION) return new Refusal('CONFLICT');
  if (typeof state === 'string' && CHECK_OR_REFERENCE.includes(state)) {
    const constraint = (error as { constraint?: string }).constraint;
    return new Refusal('BAD_USER_INPUT', { message: `A value is not allowed${constraint ? ` (${constraint})` : ''}.` });
  }
  return error;
}
