import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import { Refusal } from '../../gateway/errors.js';
import type { Grant } from '../../gateway/policy/grant.js';
import { Acts } from './acts.js';
import { Disclosures, type Disclosed } from './disclosures.js';
import type { Neighbours } from './neighbours.js';
import { reading } from './reading.js';
import { comesAgain } from './round-trips.js';
import type { RoomServices } from './services.js';
import { UNFIT_VALUE } from './unfit.js';
import { Withheld } from './withheld.js';

export type SessionServices = Pick<
  RoomServices,
  'sign' | 'readRequest' | 'certify' | 'revokeIssued' | 'periods' | 'disclosureRules'
>;

/**
 * One piece of work under one grant, in one transaction: PostgreSQL filters and checks every statement by the grant.
 * A session is made by the runtime alone, from a verified grant; nothing else reaches the database.
 */
export class Session {
  readonly grant: Grant;
  readonly em: EntityManager;
  readonly neighbours: Neighbours;
  /** What the answer tells of whom: rows are counted as they are answered with. */
  readonly disclosures = new Disclosures();
  /** What the mutations of the operation did. */
  readonly acts: Acts;
  /** What the answer leaves out. */
  readonly withheld = new Withheld();
  readonly sign: RoomServices['sign'];
  readonly readRequest: RoomServices['readRequest'];
  readonly certify: RoomServices['certify'];
  readonly revokeIssued: RoomServices['revokeIssued'];
  readonly periods: RoomServices['periods'];
  readonly disclosureRules: RoomServices['disclosureRules'];

  readonly #isReading: boolean;

  constructor(
    grant: Grant,
    em: EntityManager,
    neighbours: Neighbours,
    services: SessionServices,
    { isReading = false }: { isReading?: boolean } = {},
  ) {
    this.#isReading = isReading;
    this.grant = grant;
    this.em = em;
    this.acts = new Acts(em);
    this.neighbours = neighbours;
    this.sign = services.sign;
    this.readRequest = services.readRequest;
    this.certify = services.certify;
    this.revokeIssued = services.revokeIssued;
    this.periods = services.periods;
    this.disclosureRules = services.disclosureRules;
  }

  /** What the answer tells of a subject without its rows, a sum for one: whoever makes it says so. */
  disclosed(disclosed: Disclosed): void {
    this.disclosures.add(disclosed);
  }

  /** Writes down what the mutations did, in the transaction of the change: for the ledger, whatever becomes of the gateway. */
  async keepActs(): Promise<void> {
    const portions = this.acts.portions();
    if (portions.length === 0) return;
    const insert = 'insert into runtime.act_outbox (acts) select json_array_elements($1)';
    await this.rows(insert, [JSON.stringify(portions)]);
  }

  /** Rows of one statement with bound parameters (`$1`), in this session's transaction. */
  async rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    comesAgain(sql);
    const transaction = this.em.getTransactionContext<Kysely<unknown>>();
    if (!transaction) throw new Error('a session works only inside its transaction');
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(sql, parameters));
    return rows as Row[];
  }

  /** Rows of one statement as entities; the statement selects the entity's own columns. */
  async entities<T extends object>(entity: EntityClass<T>, sql: string, parameters: unknown[]): Promise<T[]> {
    const rows = await this.rows<Record<string, unknown>>(sql, parameters);
    if (this.#isReading) return rows.map(reading(this.em, entity));
    return rows.map((row) => this.em.map(entity, row as never) as T);
  }
}

const ROW_LEVEL_SECURITY = '42501';
const UNIQUE_VIOLATION = '23505';
/** Of an exclusion constraint: two periods of one thing. */
const OVERLAPS = '23P01';
const NAMED_TWICE = '21000';
/** Raised by the triggers that hold state machines to their tables. */
const WRONG_STATE = 'HB409';
/** SQLSTATE of our own: readings were measured under what was to be changed. The message names meter and fields. */
export const AS_MEASURED = 'HB423';
const TOOK_TOO_LONG = '57014';
const LOCKED_TOO_LONG = '55P03';
/** Checks, references and nulls; numbers, days and text that their type cannot hold (a NUL in a text, for one). */
const BAD_VALUE = [
  '23514',
  '23503',
  '23502',
  '22P02',
  '22P05',
  '22001',
  '22003',
  '22007',
  '22008',
  '22021',
  '54000',
];

/** PostgreSQL's refusals by SQLSTATE; anything else is a fault and stays one. */
export function asRefusal(error: unknown): unknown {
  const state = (error as { code?: unknown } | null)?.code;
  if (state === ROW_LEVEL_SECURITY) return new Refusal('ROW_OUT_OF_REACH', { rule: 'rows/reach' });
  if (state === UNIQUE_VIOLATION) return new Refusal('CONFLICT');
  if (state === OVERLAPS) {
    return new Refusal('CONFLICT', { message: 'The period overlaps another of the same.' });
  }
  if (state === WRONG_STATE) return new Refusal('WRONG_STATE');
  if (state === AS_MEASURED) {
    return new Refusal('CONFLICT', {
      message: `${(error as Error).message}.`,
      remedy:
        'Register a new meter for what is measured otherwise from now on; a change of the appliance is replaceDevice. What was registered wrongly from the start is changed by hand: requestBreakGlass, with two approvals.',
    });
  }
  if (state === LOCKED_TOO_LONG) {
    return new Refusal('ROOM_UNAVAILABLE', { message: 'Another request is still at work on the same.' });
  }
  if (state === TOOK_TOO_LONG) {
    return new Refusal('QUERY_TOO_WIDE', {
      message: 'The query takes too long.',
      remedy: 'Ask for a shorter period, a smaller area or fewer objects.',
    });
  }
  if (state === NAMED_TWICE) {
    return new Refusal('BAD_USER_INPUT', { message: 'A row is named twice in one request.' });
  }
  if (state === UNFIT_VALUE) {
    const { column = '', message } = error as { column?: string; message: string };
    return new Refusal('BAD_USER_INPUT', { message: `${column}: ${message}.` });
  }
  if (typeof state === 'string' && BAD_VALUE.includes(state)) {
    const constraint = (error as { constraint?: string }).constraint;
    return new Refusal('BAD_USER_INPUT', {
      message: `A value is not allowed${constraint ? ` (${constraint})` : ''}.`,
    });
  }
  return error;
}

const TRANSACTION_ABORTED = '25P02';

/**
 * What failed behind each error. After one failed statement PostgreSQL refuses the rest of the transaction: the fields
 * that this hits failed for the reason of the first.
 */
export function rootCauses(errors: readonly { originalError?: Error | undefined }[]): unknown[] {
  const stateOf = (failure: unknown): unknown => (failure as { code?: unknown }).code;
  const failures = errors.map((error) => error.originalError ?? error);
  const first = failures.find(
    (failure) => /^[0-9A-Z]{5}$/.test(String(stateOf(failure))) && stateOf(failure) !== TRANSACTION_ABORTED,
  );
  return failures.map((failure) => (stateOf(failure) === TRANSACTION_ABORTED ? (first ?? failure) : failure));
}
