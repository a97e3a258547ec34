import type { Found } from './day-judge.js';

/** What was found in a day of a meter, until it is written with the day. */
export interface DayFound extends Found {
  meter: string;
  /** `YYYY-MM-DD` */
  date: string;
}

/** One statement in the transaction of whoever asks. */
type Ask = (sql: string, parameters: unknown[]) => Promise<unknown>;

/**
 * Writes findings beside the blocks that the same transaction wrote; those of a day that it left as it was are passed
 * over, because that day was judged when it came.
 */
export async function recordFound(ask: Ask, edition: number, found: readonly DayFound[]): Promise<void> {
  if (found.length === 0) return;
  await ask('select metering.record_findings($1, $2::jsonb)', [edition, JSON.stringify(found)]);
}
