import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { Refusal } from '../../gateway/errors.js';
import { bodyJson, json } from './answers.js';
import type { BulkSession } from './bulk.js';
import type { Doors } from './door.js';
import type { Neighbours } from './neighbours.js';

/** What a correction may be about: a meter's day, or one record of an archive. */
export type CorrectionKind =
  | 'METER_DAY'
  | 'ENERGY_AUDIT'
  | 'METERING_REVIEW'
  | 'INSPECTION'
  | 'INSPECTION_DOCUMENT'
  | 'INSPECTION_FINDING';

/** Values by the name of their field; decimals and dates are text, a day's values an array of them. */
export type CorrectedValues = Record<string, unknown>;

export interface CorrectionTarget {
  kind: CorrectionKind;
  /** Id of the record, or of the meter. */
  record: string;
  /** The meter's day; null for a record. */
  date: string | null;
}

/** How a target stands and would stand: `before` and `after` have the same members. */
export interface Comparison {
  /** Where it lies and whom it is about: they decide who sees and decides the correction. */
  area: string;
  subject: string;
  before: CorrectedValues;
  after: CorrectedValues;
  /** Version of the day that `before` is; null for a record. */
  version: number | null;
}

/** What is to be applied, whole: the room that keeps the values trusts nothing else. */
export interface CorrectionOrder {
  correction: string;
  /** The tenant that proposed it, which may not apply it. */
  proposedBy: string;
  target: CorrectionTarget;
  before: CorrectedValues;
  after: CorrectedValues;
  version: number | null;
}

export interface AppliedCorrection {
  /** Version of the day that it made; null for a record. */
  version: number | null;
}

/**
 * What a room whose values may be corrected does itself. Each is one transaction under the caller's own grant, and the
 * database decides: whether the values lie in reach of `corrections:write` or `corrections:approve`, whether they are
 * still those that were to be changed, and who may not decide.
 */
export interface Correctable {
  /** The room's schema, in which `applied_correction` stands ({@link appliedCorrections}). */
  schema: string;
  /** Null where the caller reaches no such target. */
  compare(session: BulkSession, target: CorrectionTarget, after: CorrectedValues): Promise<Comparison | null>;
  /** A correction that was applied before is answered as it was then. */
  apply(session: BulkSession, order: CorrectionOrder): Promise<ApplyOutcome>;
}

/** As the functions in the database answer. */
export interface ApplyOutcome extends AppliedCorrection {
  outcome: 'APPLIED' | 'STALE' | 'FOUR_EYES' | 'OUT_OF_REACH';
}

/** The doors behind {@link compareWith} and {@link applyAt}. */
export function correctionDoors(correctable: Correctable): Doors {
  return {
    'POST /corrections/comparison': {
      requires: ['corrections:write'],
      audience: 'inner',
      handle: async ({ body }, session) => {
        const { target, after } = JSON.parse(await text(body)) as {
          target: CorrectionTarget;
          after: CorrectedValues;
        };
        const comparison = await correctable.compare(session, target, after);
        if (comparison) return json(comparison);
        throw new Refusal('NOT_FOUND', {
          message: `${target.record}: nothing here that you may correct.`,
          remedy: 'Check the identifier; it takes corrections:write over it, and the right to read it.',
        });
      },
    },
    'POST /corrections': {
      requires: ['corrections:approve'],
      audience: 'inner',
      handle: async ({ body }, session) => {
        const order = JSON.parse(await text(body)) as CorrectionOrder;
        const { outcome, version } = await correctable.apply(session, order);
        if (outcome === 'STALE') throw new Refusal('CORRECTION_STALE');
        if (outcome === 'FOUR_EYES') throw new Refusal('FOUR_EYES', { rule: 'corrections/four-eyes' });
        if (outcome === 'OUT_OF_REACH') throw new Refusal('ROW_OUT_OF_REACH', { rule: 'rows/reach' });
        return json({ version } satisfies AppliedCorrection);
      },
    },
    'GET /corrections/:id': {
      requires: ['corrections:read'],
      audience: 'inner',
      handle: async ({ params }, session) => {
        const sql = `select from ${correctable.schema}.applied_correction where correction = $1`;
        const { rowCount } = await session.transaction((client) => client.query(sql, [params['id']]));
        return json({ isApplied: rowCount === 1 });
      },
    },
  };
}

/**
 * How the values stand in the room that keeps them, and how they would stand.
 *
 * @throws Refusal NOT_FOUND; BAD_USER_INPUT where the room would not take the values.
 */
export async function compareWith(
  neighbours: Neighbours,
  room: string,
  target: CorrectionTarget,
  after: CorrectedValues,
): Promise<Comparison> {
  const body = Readable.from([JSON.stringify({ target, after })]);
  return bodyJson(await neighbours.call(room, 'POST /corrections/comparison', { body }));
}

/** @throws Refusal CORRECTION_STALE, FOUR_EYES, ROW_OUT_OF_REACH */
export async function applyAt(
  neighbours: Neighbours,
  room: string,
  order: CorrectionOrder,
): Promise<AppliedCorrection> {
  const body = Readable.from([JSON.stringify(order)]);
  return bodyJson(await neighbours.call(room, 'POST /corrections', { body }));
}

/** Whether the room has applied a correction, whatever became of the record of it. */
export async function isAppliedAt(neighbours: Neighbours, room: string, id: string): Promise<boolean> {
  const answer = await neighbours.call(room, 'GET /corrections/:id', { params: { id } });
  return (await bodyJson<{ isApplied: boolean }>(answer)).isApplied;
}
