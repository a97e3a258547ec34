const DAY = 86_400_000;

/** Midnight UTC of a calendar day `YYYY-MM-DD`; only ever used to count days. Throws RangeError on no such day. */
function at(date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(time) || dayOf(time) !== date) {
    throw new RangeError(`not a calendar day: ${date}`);
  }
  return time;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return dayOf(at(date) + days * DAY);
}

/** `days` days ending with `until`, oldest first. */
export function daysUntil(until: string, days: number): string[] {
  return Array.from({ length: days }, (_, index) => addDays(until, index + 1 - days));
}

export function isWeekend(date: string): boolean {
  const weekday = new Date(at(date)).getUTCDay();
  return weekday === 0 || weekday === 6;
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

/** 1 … 12 */
export function monthOf(date: string): number {
  return Number(date.slice(5, 7));
}

export function daysOfMonth(date: string): string[] {
  const month = date.slice(0, 7);
  const first = `${month}-01`;
  return Array.from({ length: 31 }, (_, index) => addDays(first, index)).filter((day) =>
    day.startsWith(month),
  );
}
