import { Refusal } from '../../../gateway/errors.js';
import { limitedFunction, mayRead, type ReachColumns } from '../../runtime/reach.js';
import type { Session } from '../../runtime/session.js';
import { isCounted } from './counted.js';
import { type Days, lastClosedDay, spansOf, type Step } from './periods.js';

const OF_METER: ReachColumns = { limited: { column: 'id', among: limitedFunction('metering.meter') } };

/** Where meters are whose months alone the grant lets be told; `$1` are keys, of an area its prefix. */
const PLACES = {
  area: { key: '($1::text[])[1]', where: 'starts_with(area, ($1::text[])[1])' },
  building: { key: 'building', where: 'building = any($1::text[])' },
  enterprise: { key: 'subject', where: 'subject = any($1::text[])' },
  meter: { key: 'id', where: 'id = any($1::text[])' },
} as const;

/** Whether a grant lets some readings be told by the month and no finer; that of no platform does. */
export function isByMonth({ grant }: Session): boolean {
  const { limited = [] } = grant.reach['readings:read'] ?? {};
  return limited.some(({ finest }) => finest === 'MONTH');
}

/**
 * Keys below which there is such a meter, by the registry alone: whether it has readings is not told by it either.
 *
 * @param item `null` is every item.
 */
export async function keysByMonth(
  session: Session,
  of: keyof typeof PLACES,
  keys: readonly string[],
  item: string | null,
): Promise<Set<string>> {
  if (!isByMonth(session)) return new Set();
  const { key, where } = PLACES[of];
  const rows = await session.rows<{ key: string }>(
    `select distinct ${key} as key from metering.meter
     where ${where} and ($2::text is null or energy_item = $2 and ${isCounted('meter')})
       and ${mayRead('readings', { ...OF_METER, finest: 'MONTH' })} and not ${mayRead('readings', OF_METER)}`,
    [keys, item],
  );
  return new Set(rows.map((row) => row.key));
}

interface Asked extends Days {
  asOf?: string | null;
  withEstimates?: boolean | null;
}

/**
 * Whether a question is one that months alone can answer: two others could be taken from each other. Estimates are of
 * days, and a month that says nothing of them would say that there are none.
 */
export function isWholeMonths(step: Step | null, { from, to, asOf, withEstimates }: Asked): boolean {
  const isCoarse = step === null || step === 'MONTH' || step === 'YEAR';
  const isCut = spansOf({ from, to }).days.some((days) => days !== null);
  return isCoarse && !isCut && !asOf && !withEstimates && to <= lastClosedDay(Date.now());
}

export function byMonthAlone(what: string): Refusal {
  const last = lastClosedDay(Date.now());
  return new Refusal('ROW_OUT_OF_REACH', {
    rule: 'limits/month',
    message: `Readings of ${what} may be told to you as sums of whole months alone.`,
    remedy: `Ask for consumption by months or years, from the first day of a month to the last of one, ${last} at the latest, as it is now (no asOf, no estimates).`,
  });
}
