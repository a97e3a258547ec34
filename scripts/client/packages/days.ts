import { fault } from '../failure.js';

const DAY_MS = 86_400_000;
const MOST_DAYS = 3660;

export interface DayOptions {
  date?: string;
  from?: string;
  to?: string;
  month?: string;
}

/** The days that --date, --from and --to (both included) or --month name. Throws Failure USAGE. */
export function daysOf(options: DayOptions): string[] {
  const { date, from, to, month } = options;
  const forms = [date !== undefined, from !== undefined || to !== undefined, month !== undefined];
  if (forms.filter(Boolean).length !== 1)
    throw fault('USAGE', 'Give one of --date, --from with --to, or --month.');
  if (date !== undefined) return [dateText(instantOf(date))];
  if (month !== undefined) return between(...monthOf(month));
  if (from === undefined || to === undefined) throw fault('USAGE', '--from and --to go together.');
  return between(instantOf(from), instantOf(to));
}

function between(first: number, last: number): string[] {
  const count = Math.round((last - first) / DAY_MS) + 1;
  if (count < 1) throw fault('USAGE', '--to is before --from.');
  if (count > MOST_DAYS) throw fault('USAGE', `At most ${MOST_DAYS} days at once.`);
  return Array.from({ length: count }, (_, index) => dateText(first + index * DAY_MS));
}

function monthOf(text: string): [first: number, last: number] {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw fault('USAGE', `"${text}" is no month YYYY-MM.`);
  const [year, month] = text.split('-').map(Number) as [number, number];
  return [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 0)];
}

/** Midnight of a calendar day, as if it were in UTC: days have no zone here. */
function instantOf(text: string): number {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(instant) || dateText(instant) !== text)
    throw fault('USAGE', `"${text}" is no day YYYY-MM-DD.`);
  return instant;
}

function dateText(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
