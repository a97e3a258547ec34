import { TOLD_EDGES } from '../runs/statements.js';
import type { Found, Judged } from './day-judge.js';

/** What was found in a day of a meter, until it is written with the day. */
export interface JudgedDay extends Pick<Judged, 'found' | 'hasEdge'> {
  meter: string;
  /** `YYYY-MM-DD` */
  date: string;
}

/** One statement in the transaction of whoever asks. */
type Ask = (sql: string, parameters: unknown[]) => Promise<unknown>;

/** Findings as the database takes them. */
export function foundIn(days: readonly JudgedDay[]): (Found & { meter: string; date: string })[] {
  return days.flatMap(({ meter, date, found }) => found.map((one) => ({ ...one, meter, date })));
}

/**
 * Says which of the days about to be written are edges: those that are written have their runs over midnight joined by
 * that very statement.
 */
export async function tellEdges(ask: Ask, days: readonly JudgedDay[]): Promise<void> {
  const edges = days.filter(({ hasEdge }) => hasEdge).map(({ meter, date }) => `${meter}=${date}`);
  if (edges.length > 0) await ask(`select set_config('${TOLD_EDGES}', $1, true)`, [edges.join(' ')]);
}

/**
 * Writes findings beside the blocks that the same transaction wrote; those of a day that it left as it was are passed
 * over, because that day was judged when it came. Runs over midnight are there already: most of what a day has by itself
 * is part of one, and would be written only to be taken out of force again.
 */
export async function recordFound(ask: Ask, edition: number, days: readonly JudgedDay[]): Promise<void> {
  const found = foundIn(days);
  if (found.length > 0)
    await ask('select metering.record_findings($1, $2::jsonb)', [edition, JSON.stringify(found)]);
}

/** Joins runs at midnight with those of the days beside, which may be stored or may come later. */
export async function recordEdges(ask: Ask, days: readonly JudgedDay[]): Promise<void> {
  const edges = days.filter(({ hasEdge }) => hasEdge);
  if (edges.length === 0) return;
  await ask('select metering.record_edges($1, $2)', [
    edges.map(({ meter }) => meter),
    edges.map(({ date }) => date),
  ]);
}
