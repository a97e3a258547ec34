import { Refusal } from '../../../gateway/errors.js';
import type { QualityCase } from '../cases/entities.js';
import type { EstimateAsked } from './inputs.js';
import type { Slot, Stretch } from './making/gaps.js';
import { inMillionths, type KnownDays, type MeterKnown, shifted } from './sources.js';

const MOST_DAYS = 31;

/** @throws Refusal BAD_USER_INPUT for days that are too many, not over, or none of the case’s. */
export function mustBeEstimable(asked: EstimateAsked, held: QualityCase, meter: MeterKnown): EstimateAsked {
  const { from, to, method, values } = asked;
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  if (days < 1 || days > MOST_DAYS)
    throw refused(
      `from and to: 1 to ${MOST_DAYS} days, were ${days}.`,
      'Estimate a longer time part by part.',
    );
  if (to >= meter.today)
    throw refused(
      `${to} is not over where the meter stands.`,
      'Wait until the day is over: its values may still come.',
    );
  const last = shifted(held.lastDate, 1);
  if (from < held.firstDate || to > last)
    throw refused(
      `The case is about ${held.firstDate} to ${held.lastDate}.`,
      `Ask for days from ${held.firstDate} to ${last}: the day after the last may hold what a counter gathered.`,
    );
  if ((method === 'MANUAL') !== Boolean(values) || (values && days > 1))
    throw refused('values: MANUAL takes them, one day at a time, and no other method does.');
  return asked;
}

/** The days asked for and one on either side, at one interval. */
export function stretchOf(meter: MeterKnown, known: KnownDays, from: string, to: string): Stretch {
  const dates: string[] = [];
  for (let date = from; date <= to; date = shifted(date, 1)) dates.push(date);
  const intervals = new Set(dates.flatMap((date) => known.intervalOf(date) ?? []));
  if (intervals.size > 1)
    throw refused('The days came at different intervals.', 'Estimate the days of each interval apart.');
  const [interval = meter.interval] = intervals;
  return {
    kind: meter.kind,
    before: known.at(shifted(from, -1), interval),
    asked: dates.map((date) => known.at(date, interval)),
    after: known.at(shifted(to, 1), interval),
  };
}

/** The values given by MANUAL, by interval. */
export function givenOf({ values }: EstimateAsked, { asked }: Stretch): (slot: Slot) => bigint | null {
  const day = asked[0]!;
  if (values && values.length !== day.values.length)
    throw refused(`values: ${day.date} has ${day.values.length} intervals, were ${values.length}.`);
  const given = (values ?? []).map((value) => (value === null ? null : readable(value)));
  if (values && given.every((value) => value === null)) throw refused('values: none is given.');
  return (slot) => (slot.day === day ? (given[slot.place] ?? null) : null);
}

function readable(value: string): bigint {
  try {
    return inMillionths(value);
  } catch (error) {
    if (error instanceof RangeError) throw refused(`values: ${value} ${error.message}.`);
    throw error;
  }
}

function refused(message: string, remedy?: string): Refusal {
  return new Refusal('BAD_USER_INPUT', { message, ...(remedy && { remedy }) });
}
