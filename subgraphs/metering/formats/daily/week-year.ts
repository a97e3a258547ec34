import { MINUTES_A_DAY, minutesSinceEpoch } from '../../readings/calendar.js';

/** A daily file comes within so many days of its day. */
const FRESH_DAYS = 7;

/** `YYYY-MM-DD` as days since 2000-01-01; undefined where there is no such day. */
export function dayNumber(date: string): number | undefined {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== date) return undefined;
  return Math.floor(minutesSinceEpoch(instant) / MINUTES_A_DAY);
}

/**
 * The day that was meant by a date at new year that is a year off, as writers make it that format with the week-year
 * (YYYY) where the year (yyyy) belongs: 2025-12-30 becomes 2026-12-30. `isMeant` says which day would be right.
 */
export function weekYearOff(date: string, isMeant: (day: number) => boolean): string | undefined {
  const [year = '', month, day = ''] = date.split('-');
  const isAtNewYear = (month === '12' && day >= '26') || (month === '01' && day <= '06');
  const own = dayNumber(date);
  if (!isAtNewYear || own === undefined || isMeant(own)) return undefined;
  const others = [Number(year) - 1, Number(year) + 1].map((other) => `${other}-${month}-${day}`);
  return others.find((other) => {
    const number = dayNumber(other);
    return number !== undefined && isMeant(number);
  });
}

/** Whether a daily file that comes now would be of this day. */
export function isFresh(now: Date): (day: number) => boolean {
  const today = Math.floor(minutesSinceEpoch(now) / MINUTES_A_DAY);
  // Now is of UTC and the file of China: a day more at either end.
  return (day) => day <= today + 1 && day >= today - FRESH_DAYS - 1;
}
