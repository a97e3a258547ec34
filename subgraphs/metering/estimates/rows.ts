import type { DayEstimate } from './entities.js';
import { Refusal } from '../../../gateway/errors.js';
import { seriesOf } from '../readings/registers/statements.js';
import type { EstimatedDay } from './making/estimate.js';
import type { EstimateMethod } from './making/methods.js';

/** What a day of estimates says of itself, as it is stored. */
export type EstimateRow = Pick<
  DayEstimate,
  | 'date'
  | 'intervalMinutes'
  | 'scale'
  | 'values'
  | 'replaced'
  | 'method'
  | 'isBounded'
  | 'parameters'
  | 'madeFrom'
> & { gapFrom: string | null; gapTo: string | null };

/**
 * Integers at the smallest scale that holds all exactly, as days of measured values are stored.
 *
 * @throws Refusal BAD_USER_INPUT for values that are too large for that.
 */
export function rowOf(estimated: EstimatedDay, method: EstimateMethod): EstimateRow {
  const { day, values, replaced, isBounded, gapFrom, gapTo, parameters, madeFrom } = estimated;
  const series = seriesOf([...values, ...replaced]);
  if (!series)
    throw new Refusal('BAD_USER_INPUT', { message: `The estimates of ${day.date} are too large for a day.` });
  const factor = 10n ** BigInt(6 - series.scale);
  const scaled = (all: (bigint | null)[]): (string | null)[] =>
    all.map((value) => (value === null ? null : String(value / factor)));
  return {
    date: day.date,
    intervalMinutes: day.interval,
    scale: series.scale,
    values: scaled(values),
    replaced: scaled(replaced),
    method,
    isBounded,
    gapFrom,
    gapTo,
    parameters,
    madeFrom,
  };
}

/** The row under the names of its columns. */
export function storedOf({
  intervalMinutes,
  isBounded,
  gapFrom,
  gapTo,
  madeFrom,
  ...row
}: EstimateRow): Record<string, unknown> {
  return {
    ...row,
    interval_minutes: intervalMinutes,
    is_bounded: isBounded,
    gap_from: gapFrom,
    gap_to: gapTo,
    made_from: madeFrom,
  };
}

export function sumOf(values: readonly (string | null)[]): string {
  return String(values.reduce((sum, value) => sum + BigInt(value ?? 0), 0n));
}
