import { Refusal } from '../../../gateway/errors.js';

/** The hub's units are in China, which has one clock. */
const CHINA_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

export interface Quarter {
  /** `2026Q3` */
  name: string;
  from: string;
  to: string;
  isOver: boolean;
}

export function todayInChina(now: Date): string {
  return dayOf(now.getTime() + CHINA_MS);
}

/** @throws Refusal BAD_USER_INPUT for what is no quarter, or one that has not begun. */
export function quarterOf(name: string | null | undefined, now: Date): Quarter {
  const today = todayInChina(now);
  const wanted = name ?? `${today.slice(0, 4)}Q${Math.ceil(Number(today.slice(5, 7)) / 3)}`;
  const [, year = '', number = ''] = /^(20\d\d)Q([1-4])$/.exec(wanted) ?? [];
  if (!number) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `quarter: ${wanted} is no quarter.`,
      remedy: 'Write year and quarter, e.g. 2026Q3.',
    });
  }
  const firstMonth = (Number(number) - 1) * 3;
  const from = dayOf(Date.UTC(Number(year), firstMonth, 1));
  if (from > today) {
    throw new Refusal('BAD_USER_INPUT', { message: `quarter: ${wanted} begins on ${from}.` });
  }
  const to = dayOf(Date.UTC(Number(year), firstMonth + 3, 0));
  return { name: wanted, from, to, isOver: to < today };
}

/** The last quarter that is over. */
export function lastQuarter(now: Date): Quarter {
  return quarterOf(quarterOfDay(addDays(quarterOf(null, now).from, -1)), now);
}

export function quarterOfDay(day: string): string {
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** The day of the following quarter's first month by which a report on a quarter is due. */
export function dueAfter({ to }: Quarter, dayOfMonth: number): string {
  return addDays(to, dayOfMonth);
}

/** The last day whose deadline is past, or `on` where that is earlier. */
export function lastClosedDay(on: string, hours: string, now: Date): string {
  const closed = addDays(todayInChina(new Date(now.getTime() - Number(hours) * 3_600_000)), -1);
  return closed < on ? closed : on;
}

export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
