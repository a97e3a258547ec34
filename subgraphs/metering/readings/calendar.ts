/**
 * Days are numbers here: days since 2000-01-01, which is how PostgreSQL sends a date in binary. The calendar covers
 * 2000 to 2100; readings from before are refused, so that nobody can have a partition made for every month of history.
 */
export const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;
const DAY_MILLISECONDS = 86_400_000;
const EPOCH = Date.UTC(FIRST_YEAR, 0, 1);
export const MINUTES_A_DAY = 1440;

/** No day of the calendar. */
export const NO_DAY = -1;

/** First day of each month since 2000-01, and of the month after the last. */
const MONTH_STARTS = Int32Array.from(
  { length: (LAST_YEAR - FIRST_YEAR + 1) * 12 + 1 },
  (_, month) => (Date.UTC(FIRST_YEAR, month, 1) - EPOCH) / DAY_MILLISECONDS,
);

/** Months since 2000-01 of a day. */
export function monthOf(day: number): number {
  let month = Math.min(Math.trunc(day / 30.44), MONTH_STARTS.length - 2);
  while (MONTH_STARTS[month]! > day) month--;
  while (MONTH_STARTS[month + 1]! <= day) month++;
  return month;
}

/** 0 for the first of the month. */
export function dayOfMonth(day: number, month: number): number {
  return day - MONTH_STARTS[month]!;
}

/** The day of a date, or {@link NO_DAY} when the calendar has none such. */
export function dayOf(year: number, month: number, day: number): number {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return NO_DAY;
  const index = (year - FIRST_YEAR) * 12 + month - 1;
  const start = MONTH_STARTS[index]!;
  return start + day <= MONTH_STARTS[index + 1]! ? start + day - 1 : NO_DAY;
}

export function dateText(day: number): string {
  return new Date(EPOCH + day * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** The day of a date that is one. */
export function dayNumber(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - EPOCH) / DAY_MILLISECONDS;
}

/** A minute since 2000-01-01T00:00 as people write it: `2026-03-01 10:15`. */
export function minuteText(minute: number): string {
  return new Date(EPOCH + minute * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** `digits` decimal digits at a place, or -1. */
export function digitsAt(bytes: Uint8Array, at: number, digits: number): number {
  let number = 0;
  for (let index = at; index < at + digits; index++) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

const HYPHEN = 45;

/** Reads `YYYY-MM-DD`, exactly ten bytes, into a day; {@link NO_DAY} when it is none. */
export function readDate(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 10 || bytes[start + 4] !== HYPHEN || bytes[start + 7] !== HYPHEN) return NO_DAY;
  return dayOf(digitsAt(bytes, start, 4), digitsAt(bytes, start + 5, 2), digitsAt(bytes, start + 8, 2));
}

/** Minutes since 2000-01-01T00:00Z. */
export function minutesSinceEpoch(instant: Date): number {
  return Math.floor((instant.getTime() - EPOCH) / 60_000);
}

/** Minutes of a day that the clock skips, or goes through twice. */
export interface ClockShift {
  from: number;
  until: number;
  isGap: boolean;
}

/** A time zone, with its offsets found once a day of UTC: asking the runtime's calendar costs microseconds each time. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  readonly #shifts = new Map<number, ClockShift | null>();

  /** @throws RangeError when the runtime does not know the zone. */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** Minutes since the epoch on the zone's own clock. */
  local(utcMinutes: number): number {
    const day = Math.floor(utcMinutes / MINUTES_A_DAY);
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      const first = this.#offset(day * MINUTES_A_DAY);
      offset = first === this.#offset((day + 1) * MINUTES_A_DAY - 1) ? first : Number.NaN;
      this.#offsets.set(day, offset);
    }
    return utcMinutes + (Number.isNaN(offset) ? this.#offset(utcMinutes) : offset);
  }

  /** Where the zone's clock is put forward or back on a day; null on most days, and always in a zone that does neither. */
  shiftOn(day: number): ClockShift | null {
    let shift = this.#shifts.get(day);
    if (shift === undefined) {
      shift = this.#findShift(day * MINUTES_A_DAY);
      this.#shifts.set(day, shift);
    }
    return shift;
  }

  #findShift(start: number): ClockShift | null {
    const offsetAt = (utc: number): number => this.local(utc) - utc;
    const near = offsetAt(start);
    let before = start - near;
    let after = before + MINUTES_A_DAY;
    const [old, now] = [offsetAt(before), offsetAt(after)];
    if (old === now) return null;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === old) before = middle;
      else after = middle;
    }
    const [from, until] = [after + Math.min(old, now) - start, after + Math.max(old, now) - start];
    return { from, until, isGap: now > old };
  }

  #offset(utcMinutes: number): number {
    const parts = this.#format.formatToParts(new Date(EPOCH + utcMinutes * 60_000));
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const match = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(text);
    const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
    return match?.[1] === '-' ? -minutes : minutes;
  }
}
