import { Refusal } from '../../../gateway/errors.js';

/** How long each period of a series is. */
export const STEPS = { HOUR: '逐时', DAY: '逐日', MONTH: '逐月', YEAR: '逐年' } as const;
export type Step = keyof typeof STEPS;

/** Days are `YYYY-MM-DD`, both inclusive. */
export interface Days {
  from: string;
  to: string;
}

export interface Period extends Days {
  /** Of the day, 0 to 23; null where a period is a day or longer. */
  hour: number | null;
}

/** A month is told to who may be told months alone when it has been over for so long: by then most of it is here. */
export const MONTH_CLOSES_AFTER_DAYS = 5;

const DAY_MILLISECONDS = 86_400_000;
const LONGEST_DAYS = 3_700;

/** @throws Refusal BAD_USER_INPUT for a period that ends before it begins, or is too long. */
export function checkedDays({ from, to }: Days): Days {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS;
  if (days < 0) throw new Refusal('BAD_USER_INPUT', { message: `from ${from} is after to ${to}.` });
  if (days > LONGEST_DAYS) throw new Refusal('BAD_USER_INPUT', { message: 'A period is at most ten years.' });
  return { from, to };
}

/** The periods that a series has between two days; the first and the last may be cut short. */
export function periodsOf(step: Step, { from, to }: Days): Period[] {
  const periods: Period[] = [];
  for (let start = from; start <= to;) {
    const end = earlier(lastDayOf(step, start), to);
    if (step === 'HOUR') for (let hour = 0; hour < 24; hour++) periods.push({ from: start, to: end, hour });
    else periods.push({ from: start, to: end, hour: null });
    start = dayAfter(end);
  }
  return periods;
}

/** The last day of the last month that is closed. */
export function lastClosedDay(now: number): string {
  // Days are those of the meters' own clock.
  const day = new Date(now + 8 * 3_600_000 - MONTH_CLOSES_AFTER_DAYS * DAY_MILLISECONDS);
  return text(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 0));
}

/** Sums of whole months, where there are any, and of the days before and after them. */
export interface Spans {
  /** First days of the first and the last whole month. */
  months: Days | null;
  days: [Days | null, Days | null];
}

export function spansOf({ from, to }: Days): Spans {
  const first = from.endsWith('-01') ? from : dayAfter(lastDayOf('MONTH', from));
  const afterLast = firstDayOf(dayAfter(to));
  if (first >= afterLast) return { months: null, days: [{ from, to }, null] };
  const last = dayBefore(afterLast);
  return {
    months: { from: first, to: firstDayOf(last) },
    days: [from < first ? { from, to: dayBefore(first) } : null, to > last ? { from: afterLast, to } : null],
  };
}

export function lastDayOf(step: Step, day: string): string {
  const year = Number(day.slice(0, 4));
  if (step === 'YEAR') return `${day.slice(0, 4)}-12-31`;
  if (step === 'MONTH') return text(Date.UTC(year, Number(day.slice(5, 7)), 0));
  return day;
}

function firstDayOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function dayAfter(day: string): string {
  return text(Date.parse(day) + DAY_MILLISECONDS);
}

function dayBefore(day: string): string {
  return text(Date.parse(day) - DAY_MILLISECONDS);
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function text(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
