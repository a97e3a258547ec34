import { decimalText } from '../../runtime/decimal.js';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  type Page,
  type PageArguments,
  pageOf,
} from '../../runtime/lists.js';
import { type MeterInterval, ValueSource } from './entities.js';
import type { EstimateMethod } from './making/methods.js';

/** A day as measured and as estimated, as fine as it may be seen; either may be missing. */
export interface IntervalsRow {
  meter: string;
  subject: string;
  area: string;
  interval: number;
  scale: number | null;
  values: (string | null)[] | null;
  estimateScale: number | null;
  estimates: (string | null)[] | null;
  replaced: (string | null)[] | null;
  method: EstimateMethod | null;
}

/** An estimate is of the interval of its day, and ceases with it; both are seen as coarse as each other. */
export const INTERVALS_OF_DAY = `
  select meter, coalesce(block.subject, stood.subject) as subject, coalesce(block.area, stood.area) as area,
    coalesce(block.interval_minutes, stood.interval_minutes) as interval, block.scale, block.values::text[] as values,
    stood.scale as "estimateScale", stood.values::text[] as estimates, stood.replaced::text[] as replaced, method
  from (select * from metering.visible_day where meter = any($1::text[]) and date = $2) as block
  full join (select * from metering.visible_estimate_day where meter = any($1::text[]) and date = $2
      and $3 and superseded_at is null and estimated > 0) as stood using (meter)`;

/**
 * Where hours or the day are seen alone, an interval may be measured in part and estimated in part: then there is no one
 * value of it, and it has the measured part alone.
 */
export function intervalsOf(row: IntervalsRow): MeterInterval[] {
  return Array.from({ length: 1440 / row.interval }, (_, place) => {
    const startMinute = place * row.interval;
    const measured = decimal(row.values?.[place], row.scale);
    const estimated = decimal(row.estimates?.[place], row.estimateScale);
    const replaced = decimal(row.replaced?.[place], row.estimateScale);
    const standsIn = estimated !== null && (measured === null || measured === replaced);
    if (standsIn)
      return { startMinute, value: estimated, source: ValueSource.ESTIMATED, method: row.method, replaced };
    const source = measured === null ? null : ValueSource.MEASURED;
    return { startMinute, value: measured, source, method: null, replaced: null };
  });
}

const LIST = 'MeterInterval';

/** One more than the page is cut off, which says that there is more. */
export function pageOfIntervals(
  intervals: MeterInterval[],
  { first, after }: PageArguments,
): Page<MeterInterval> {
  const begun = after ? Number(decodeCursor(after, LIST, 1)[0]) : -1;
  const rest = intervals.filter(({ startMinute }) => startMinute > begun);
  return pageOf(rest.slice(0, checkedFirst(first) + 1), first, ({ startMinute }) =>
    encodeCursor(LIST, [startMinute]),
  );
}

function decimal(value: string | null | undefined, scale: number | null): string | null {
  return value === null || value === undefined ? null : decimalText(value, scale ?? 0);
}
