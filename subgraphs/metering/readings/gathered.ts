import type { PoolClient } from 'pg';
import { Refusal } from '../../../gateway/errors.js';
import type { JudgedDay } from '../quality/judging/day-findings.js';
import { judgeKnown } from '../quality/judging/judge-known.js';
import { BlockRows } from './block-rows.js';
import { dateText, MINUTES_A_DAY } from './calendar.js';
import type { DayOutcome, OpenDay } from './open-days.js';
import { DaySeries } from './series.js';
import { addNewBlocks, writeBlocks } from './statements.js';
import type { ChunkWriter } from './writer.js';

const DAYS_A_TRANSACTION = 1_000;

/** Writes gathered readings: a new day as it is, a stored day with the readings laid over it, nobody else's lost. */
export async function writeGathered(writer: ChunkWriter, days: OpenDay[]): Promise<void> {
  for (let start = 0; start < days.length; start += DAYS_A_TRANSACTION) {
    const some = days.slice(start, start + DAYS_A_TRANSACTION);
    await writer.run(async () => {
      await writer.ensureMonths(some.map(({ day }) => day));
      const outcome = await writer.transaction((client) => merge(client, writer, some));
      writer.tally.accepted += outcome.accepted;
      writer.tally.unchanged += outcome.unchanged;
      writer.tally.corrected += outcome.corrected;
    });
  }
}

interface StoredValues {
  values: number[];
  scale: number;
}

/** Adds first and merges what was there: so two uploads of one day at once cannot overwrite each other. */
async function merge(client: PoolClient, writer: ChunkWriter, days: OpenDay[]): Promise<DayOutcome> {
  const series = new DaySeries(MINUTES_A_DAY);
  const outcome: DayOutcome = { accepted: 0, unchanged: 0, corrected: 0 };
  const fresh = new BlockRows();
  const found = new Map<string, JudgedDay>();
  for (const day of days) addMerged({ rows: fresh, found }, day, series, null);
  await writer.tellEdges(client, [...found.values()]);
  const parameter = fresh.parameter(writer.elementType, 0, fresh.count);
  const added = new Set(
    (await addNewBlocks(client, parameter, writer.batch)).map(({ meter, day }) => `${day} ${meter}`),
  );
  const stored = days.filter((day) => !added.has(keyOf(day)));
  for (const day of days) if (added.has(keyOf(day))) outcome.accepted += day.given;
  for (const day of stored) found.delete(keyOf(day));
  if (stored.length > 0) await lay(stored);
  await writer.recordFound(client, [...found.values()]);
  return outcome;

  async function lay(some: OpenDay[]): Promise<void> {
    const values = await lockStored(client, some);
    const merged = new BlockRows();
    some.forEach((day, index) => {
      const laid = addMerged({ rows: merged, found }, day, series, values[index]!);
      outcome.accepted += laid.accepted;
      outcome.unchanged += laid.unchanged;
      outcome.corrected += laid.corrected;
    });
    await writer.tellEdges(client, [...found.values()]);
    await writeBlocks(client, merged.parameter(writer.elementType, 0, merged.count), writer.batch);
  }
}

function keyOf({ day, meter }: OpenDay): string {
  return `${day} ${meter.id}`;
}

function addMerged(
  { rows, found }: { rows: BlockRows; found: Map<string, JudgedDay> },
  day: OpenDay,
  series: DaySeries,
  stored: StoredValues | null,
): DayOutcome {
  const outcome = day.layOver(series, stored);
  if (!series.settle())
    throw new Refusal('CONFLICT', { message: `${dateText(day.day)} was changed by another upload` });
  const { meter, drifted, misdated } = day;
  const judged = judgeKnown(meter, day.day, meter.interval, series, { drifted, misdated });
  rows.add(meter, day.day, meter.interval, series, judged.marks);
  if (judged.found.length > 0 || judged.hasEdge)
    found.set(keyOf(day), { ...judged, meter: meter.id, date: dateText(day.day) });
  return outcome;
}

const LOCK_STORED = `
  select place::integer, scale, interval_minutes as interval, values::text
  from unnest($1::text[], $2::date[]) with ordinality as asked (meter, date, place)
  join metering.day_block as stored using (date, meter)
  order by date, meter for update of stored`;

/** The values of stored days, in the order asked for, kept from other writers until the transaction ends. */
async function lockStored(client: PoolClient, days: OpenDay[]): Promise<StoredValues[]> {
  const { rows } = await client.query<{ place: number; scale: number; interval: number; values: string }>(
    LOCK_STORED,
    [days.map(({ meter }) => meter.id), days.map(({ day }) => dateText(day))],
  );
  const found: (StoredValues | undefined)[] = [];
  for (const { place, scale, interval, values } of rows) {
    if (interval !== days[place - 1]!.meter.interval) continue;
    const numbers = values.slice(1, -1).split(',');
    found[place - 1] = {
      scale,
      values: numbers.map((text) => (text === 'NULL' ? Number.NaN : Number(text))),
    };
  }
  return days.map((day, index) => {
    const stored = found[index];
    if (!stored)
      throw new Refusal('CONFLICT', { message: `${dateText(day.day)} was changed by another upload` });
    return stored;
  });
}
