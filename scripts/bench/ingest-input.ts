import { createReadStream, createWriteStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import type { IngestFiles } from './ingest-files.js';

/** One meter's day as the benchmark knows it: values in millionths, NaN is missing. */
export interface BenchDay {
  meter: string;
  date: string;
  values: Float64Array;
}

const HOURS = 24;
const MILLION = 1e6;

/** Folder of the Building Data Genome 2 slice beside the project, where there is one. */
export const REAL_DATA = '../shared/data/bdg2';

/**
 * Every meter and day of the wide files in a folder, hourly: 190 buildings over two years. Values of more than six
 * decimals (noise of the upstream's own conversion) are rounded to six.
 */
export async function* realDays(folder: string): AsyncGenerator<BenchDay> {
  const files = readdirSync(folder).filter((name) => /^electricity_hourly_.*\.csv\.gz$/.test(name));
  for (const file of files.toSorted()) yield* daysOfFile(join(folder, file));
}

async function* daysOfFile(path: string): AsyncGenerator<BenchDay> {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()) });
  let meters: string[] = [];
  let date = '';
  let days: BenchDay[] = [];
  for await (const line of lines) {
    const [time = '', ...fields] = line.split(',');
    if (meters.length === 0) {
      meters = fields;
      continue;
    }
    if (time.slice(0, 10) !== date) {
      yield* days;
      date = time.slice(0, 10);
      days = meters.map((meter) => ({ meter, date, values: new Float64Array(HOURS).fill(Number.NaN) }));
    }
    const hour = Number(time.slice(11, 13));
    fields.forEach((field, index) => {
      if (field !== '') days[index]!.values[hour] = Math.round(Number(field) * MILLION);
    });
  }
  yield* days;
}

/** As many days as the real data has, made up: for machines without it. */
export async function* madeUpDays(meters = 190, days = 731, values = HOURS): AsyncGenerator<BenchDay> {
  let state = 42;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2016, 0, 1 + day)).toISOString().slice(0, 10);
    for (let number = 0; number < meters; number++) {
      const day = Float64Array.from({ length: values }, () =>
        random() < 0.03 ? Number.NaN : Math.round(random() * 500_000) * 1_000,
      );
      yield { meter: `Made_up_${String(number).padStart(5, '0')}`, date, values: day };
    }
  }
}

/** What the benchmark loads: real where it can. */
export function benchDays(): { source: string; days: AsyncGenerator<BenchDay> } {
  if (existsSync(REAL_DATA))
    return { source: 'Building Data Genome 2, 190 buildings, hourly, 2016-2017', days: realDays(REAL_DATA) };
  return {
    source: 'made up: 190 meters, hourly, 731 days (no real data found beside the project)',
    days: madeUpDays(),
  };
}

/** Writes the same days as NDJSON, and as text and binary for COPY; answers what they add up to. */
export async function writeInput(days: AsyncGenerator<BenchDay>, files: IngestFiles): Promise<BenchInput> {
  const streams = files.encoders.map(({ path }) => createWriteStream(path, { highWaterMark: 1_048_576 }));
  const input: BenchInput = { blocks: 0, readings: 0, millionths: 0n, meters: new Set(), months: new Set() };
  const write = async (index: number, bytes: Buffer | string): Promise<void> => {
    const stream = streams[index]!;
    if (!stream.write(bytes)) await once(stream, 'drain');
  };
  for (const [index, { begin }] of files.encoders.entries()) await write(index, begin);
  for await (const day of days) {
    count(input, day);
    for (const [index, { encode }] of files.encoders.entries()) await write(index, encode(day));
  }
  for (const [index, { finish }] of files.encoders.entries()) {
    await write(index, finish);
    streams[index]!.end();
    await once(streams[index]!, 'close');
  }
  return input;
}

export interface BenchInput {
  blocks: number;
  /** Values that are not missing. */
  readings: number;
  /** Exact sum of all values × 10^6. */
  millionths: bigint;
  meters: Set<string>;
  /** `YYYY-MM` */
  months: Set<string>;
}

function count(input: BenchInput, { meter, date, values }: BenchDay): void {
  input.blocks++;
  input.meters.add(meter);
  input.months.add(date.slice(0, 7));
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    input.readings++;
    input.millionths += BigInt(value);
  }
}
