import type { MeterKind } from '../../../../subgraphs/metering/entities.js';
import { estimate } from '../../../../subgraphs/metering/estimates/making/estimate.js';
import { type MeasuredDay, shown } from '../../../../subgraphs/metering/estimates/making/gaps.js';
import type { EstimateMethod } from '../../../../subgraphs/metering/estimates/making/methods.js';
import { inMillionths, shifted } from '../../../../subgraphs/metering/estimates/sources.js';

type Written = (number | null)[];

interface Given {
  kind?: MeterKind;
  /** By date; a day that is not named never came. */
  days: Record<string, Written>;
  /** Of a counter: by date, the intervals at whose end it was not read. */
  unread?: Record<string, number[]>;
  /** By date, the intervals that the rule of the case rejects. */
  rejected?: Record<string, number[]>;
  /** By date, the intervals about which another rule has a finding. */
  marked?: Record<string, number[]>;
  values?: Written;
  least?: string;
}

/** Estimates in memory at six-hour intervals, so that a day is four figures and can be worked out by hand. */
export function made(
  method: EstimateMethod,
  from: string,
  to: string,
  given: Given,
): Record<string, unknown> {
  const day = (date: string): MeasuredDay => {
    const values = (given.days[date] ?? [null, null, null, null]).map((one) =>
      one === null ? null : inMillionths(String(one)),
    );
    const isAmong = (named: Record<string, number[]> | undefined, place: number): boolean =>
      named?.[date]?.includes(place) ?? false;
    const isRead = values.map((one, place) => one !== null && !isAmong(given.unread, place));
    const isRejected = (place: number): boolean => isAmong(given.rejected, place);
    return {
      date,
      version: date in given.days ? 1 : null,
      interval: 360,
      decimals: 1,
      values,
      isOpen: values.map((one, place) => one === null || isRejected(place)),
      isUsable: values.map(
        (one, place) => one !== null && !isRejected(place) && !isAmong(given.marked, place),
      ),
      isRead,
    };
  };
  const dates: string[] = [];
  for (let date = from; date <= to; date = shifted(date, 1)) dates.push(date);
  const known = new Map<string, MeasuredDay>();
  const at = (date: string): MeasuredDay => known.get(date) ?? known.set(date, day(date)).get(date)!;
  const [before, after] = [at(shifted(from, -1)), at(shifted(to, 1))];
  const stretch = { kind: given.kind ?? ('INTERVAL' as const), before, asked: dates.map(at), after };
  const result = estimate({
    method,
    stretch,
    least: inMillionths(given.least ?? '0'),
    sources: {
      daysBefore: ({ date }, days) =>
        shifted(date, -days) in given.days ? at(shifted(date, -days)) : undefined,
      isWorking: (date) => ![0, 6].includes(new Date(date).getUTCDay()),
      given: ({ place }) => {
        const value = given.values?.[place] ?? null;
        return value === null ? null : inMillionths(String(value));
      },
    },
  });
  return Object.fromEntries(
    result.map(({ day: { date }, values, ...rest }) => [
      date,
      { ...rest, values: values.map((value) => (value === null ? null : shown(value))) },
    ]),
  );
}
