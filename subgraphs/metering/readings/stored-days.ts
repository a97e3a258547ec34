import type { BulkSession } from '../../runtime/bulk.js';
import { dateText } from './calendar.js';
import type { KnownMeter } from './directory.js';
import type { StoredDay } from './open-days.js';

interface StoredRow {
  place: number;
  interval_minutes: number;
  scale: number;
  largest: string | null;
  is_writable: boolean;
}

/** What is stored of each day, in the order asked for; `undefined` where nothing is. */
export async function askStoredDays(
  session: BulkSession,
  asked: { meter: KnownMeter; day: number }[],
): Promise<(StoredDay | undefined)[]> {
  const parameters = [asked.map(({ meter }) => meter.id), asked.map(({ day }) => dateText(day))];
  const rows = await session.transaction(
    async (client) =>
      (await client.query<StoredRow>('select * from metering.stored_days($1, $2)', parameters)).rows,
  );
  const stored = new Array<StoredDay | undefined>(asked.length).fill(undefined);
  for (const { place, interval_minutes, scale, largest, is_writable } of rows) {
    stored[place - 1] = {
      interval: interval_minutes,
      scale,
      largest: Number(largest ?? 0),
      isWritable: is_writable,
    };
  }
  return stored;
}
