import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { Session } from '../../runtime/session.js';
import type { ConnectionRule } from './rules.js';

/** One day of the test: what was due and came, and what was wrong with it. Points are values of meters. */
export interface TestDay {
  date: string;
  due: number;
  present: number;
  onTime: number;
  /** Lines received on this day, of whatever date, and how many of them were rejected. */
  lines: number;
  quarantined: number;
  /** Units of the present list, and those of them of whose meters a value was here by the deadline. */
  unitsListed: number;
  unitsOnTime: number;
  /** Per cent of the points due that were here by the deadline. */
  completeness: number;
  /** Per cent of the lines received. */
  errorRate: number;
  isStable: boolean;
  /** Not stable, but the deadline has not passed. */
  isOpen: boolean;
}

/** The figures of the reference table, by their use. */
export interface Thresholds {
  stableMonths: number;
  completeness: number;
  deadlineHours: number;
  errorRate: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The hub's tenants are in China, which has one clock. */
const CHINA_MS = 8 * HOUR_MS;

export function thresholdsOf(rules: readonly ConnectionRule[]): Thresholds {
  const figure = (code: string): number => {
    const rule = rules.find((one) => one.code === code);
    if (!rule) throw new Error(`there is no connection rule ${code}`);
    return Number(rule.value);
  };
  return {
    stableMonths: figure('STABLE_MONTHS'),
    completeness: figure('DAY_COMPLETENESS'),
    deadlineHours: figure('DAY_DEADLINE'),
    errorRate: figure('DAY_ERROR_RATE'),
  };
}

/** What the TEST database holds of a unit that has meters there. */
export interface MeasuredUnit {
  uscc: string;
  meters: number;
  /** Days on which a value of it was here by the deadline, and the last of them. */
  daysOnTime: number;
  lastOnTime: string | null;
}

interface Coverage {
  days: Pick<TestDay, 'date' | 'due' | 'present' | 'onTime' | 'unitsOnTime'>[];
  units: MeasuredUnit[];
}

/** Whose meters are measured, and which units must be among those that send. */
export interface Measurable {
  tenant: string;
  /** Unified social credit codes. */
  units: readonly string[];
}

const IN_TEST = { stage: 'TEST' } as const;

/** Twice the time that is asked for, to yesterday. */
function windowOf({ stableMonths }: Thresholds, now: Date): { from: string; to: string } {
  const to = addDays(dayInChina(now), -1);
  return { from: addMonths(to, -2 * stableMonths), to };
}

/** What the TEST database holds of a tenant's meters, by day and by unit. */
export async function coverage(
  { neighbours }: Session,
  { tenant, units }: Measurable,
  thresholds: Thresholds,
  now: Date,
): Promise<Coverage> {
  const asked = { ...windowOf(thresholds, now), hours: thresholds.deadlineHours, units };
  return bodyJson<Coverage>(
    await neighbours.call(
      'metering',
      'POST /coverage/:platform',
      { params: { platform: tenant }, body: Readable.from([JSON.stringify(asked)]) },
      IN_TEST,
    ),
  );
}

/** What the TEST database holds of a tenant's uploads: its days, judged, and its units. */
export async function measure(
  session: Session,
  measurable: Measurable,
  thresholds: Thresholds,
  now: Date,
): Promise<{ days: TestDay[]; units: MeasuredUnit[] }> {
  const { days, units } = await coverage(session, measurable, thresholds, now);
  const { from } = windowOf(thresholds, now);
  const { tenant, units: listed } = measurable;
  const received = await bodyJson<Pick<TestDay, 'date' | 'lines' | 'quarantined'>[]>(
    await session.neighbours.call(
      'exchange',
      'GET /received-days/:tenant',
      { params: { tenant }, query: { from, to: dayInChina(now) } },
      IN_TEST,
    ),
  );
  const sent = new Map(received.map((day) => [day.date, day]));
  const judgedDays = days.map((day) => {
    const { lines = 0, quarantined = 0 } = sent.get(day.date) ?? {};
    return judged({ ...day, lines, quarantined, unitsListed: listed.length }, thresholds, now);
  });
  return { days: judgedDays, units };
}

export function judged(
  day: Omit<TestDay, 'completeness' | 'errorRate' | 'isStable' | 'isOpen'>,
  thresholds: Thresholds,
  now: Date,
): TestDay {
  const completeness = percent(day.onTime, day.due);
  const errorRate = percent(day.quarantined, day.lines);
  const isClean = errorRate <= thresholds.errorRate;
  const isWhole = completeness >= thresholds.completeness && day.unitsOnTime >= day.unitsListed;
  const isStable = day.due > 0 && isWhole && isClean;
  const deadline = startInChina(addDays(day.date, 1)) + thresholds.deadlineHours * HOUR_MS;
  return {
    ...day,
    completeness,
    errorRate,
    isStable,
    isOpen: !isStable && isClean && now.getTime() < deadline,
  };
}

/** Two decimals, never rounded up to a figure that was not reached. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 10_000) / whole) / 100;
}

export interface Run {
  /** First and last day of stable transmission up to now; null where the last day was not stable. */
  from: string | null;
  to: string | null;
  days: number;
  isLongEnough: boolean;
  /** The day after whose end it is long enough, if every day from now on is stable. */
  earliest: string;
}

/** The days of stable transmission without a gap that lead up to now; a day whose deadline is open ends none. */
export function stableRun(days: readonly TestDay[], { stableMonths }: Thresholds, now: Date): Run {
  const stable = new Set(days.filter(({ isStable }) => isStable).map(({ date }) => date));
  const open = new Set(days.filter(({ isOpen }) => isOpen).map(({ date }) => date));
  let to = addDays(dayInChina(now), -1);
  while (!stable.has(to) && open.has(to)) to = addDays(to, -1);
  if (!stable.has(to)) {
    const begin = dayInChina(now);
    return { from: null, to: null, days: 0, isLongEnough: false, earliest: lastNeeded(begin, stableMonths) };
  }
  let from = to;
  while (stable.has(addDays(from, -1))) from = addDays(from, -1);
  const earliest = lastNeeded(from, stableMonths);
  const length = (startInChina(to) - startInChina(from)) / DAY_MS + 1;
  return { from, to, days: length, isLongEnough: to >= earliest, earliest };
}

/** The last day of the months that begin with a day: from 15 March to 14 April is one. */
function lastNeeded(from: string, months: number): string {
  return addDays(addMonths(from, months), -1);
}

export function dayInChina(instant: Date): string {
  return new Date(instant.getTime() + CHINA_MS).toISOString().slice(0, 10);
}

function startInChina(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - CHINA_MS;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of another month, or its last: a month from 31 January is 28 or 29 February. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
