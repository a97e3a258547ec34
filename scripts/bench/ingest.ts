import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { metering001 } from '../../subgraphs/metering/migrations/001-metering.js';
import { exportDay } from '../../subgraphs/metering/readings/export-day.js';
import { ingest } from '../../subgraphs/metering/readings/ingest.js';
import { runtime001 } from '../../subgraphs/runtime/migrations/001-grant.js';
import { BENCH_AREA, BENCH_SUBJECT, COPIED_COLUMNS, IngestFiles } from './ingest-files.js';
import { benchDays, BENCH_INTERVAL, writeInput, type BenchInput } from './ingest-input.js';
import { ThrowawayRooms } from './throwaway-rooms.js';

/** Readings a second; each the median of the rounds. Ratios are of one run, ours over PostgreSQL's own. */
export interface IngestFigures {
  name: 'ingest';
  source: string;
  blocks: number;
  readings: number;
  copyText: number;
  copyBinary: number;
  ingest: number;
  /** Over the faster of the two. */
  ingestRatio: number;
  /** The same file again: everything is unchanged. */
  ingestAgain: number;
  copyOut: number;
  exported: number;
  exportRatio: number;
  /** Resident memory before and at its highest while ingesting, in MB. */
  memory: { before: number; peak: number };
}

interface Bench {
  rooms: ThrowawayRooms;
  files: IngestFiles;
  input: BenchInput;
  memory: { before: number; peak: number };
}

const REACH = { areas: [BENCH_AREA], subjects: [] };

/**
 * Loads the same day blocks with a bare COPY (text and binary, no row-level security, one transaction) and through
 * `ingest` in turn, then reads each day with a bare COPY and through the export. What was stored is compared with the
 * sums of the input after every load.
 *
 * @throws Error when a sum is not the input's.
 */
export async function benchIngest(options: { adminUrl: string; rounds?: number }): Promise<IngestFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const rooms = await ThrowawayRooms.open(options.adminUrl, [
    { room: 'runtime', migrations: [runtime001] },
    { room: 'metering', migrations: [metering001] },
  ]);
  try {
    const { source, days } = benchDays();
    const files = new IngestFiles(folder);
    const input = await writeInput(days, files);
    const bench = { rooms, files, input, memory: { before: 0, peak: 0 } };
    await prepare(bench);
    const figures = await measure(bench, options.rounds ?? 3);
    return {
      name: 'ingest',
      source,
      blocks: input.blocks,
      readings: input.readings,
      ...figures,
      memory: bench.memory,
    };
  } finally {
    await rooms.close();
    await rm(folder, { recursive: true });
  }
}

/** A table like the room's without its protection, and the meters. */
async function prepare({ rooms: { admin }, input }: Bench): Promise<void> {
  await admin.query(
    `create table public.bare (like metering.day_block including all) partition by range (date)`,
  );
  for (const month of input.months) {
    const first = `${month}-01`;
    await admin.query('select metering.ensure_month($1)', [first]);
    const name = `bare_${month.replace('-', '_')}`;
    await admin.query(
      `create table ${name} partition of bare for values from ('${first}') to (date '${first}' + interval '1 month')`,
    );
  }
  await admin.query(
    `insert into metering.meter (id, name, subject, area, level, energy_item, unit, interval_minutes, platform)
       select id, id, $2, $3, 1, '01000', 'kWh', $4, 'bench' from unnest($1::text[]) as id`,
    [[...input.meters], BENCH_SUBJECT, BENCH_AREA, BENCH_INTERVAL],
  );
}

async function measure(
  bench: Bench,
  rounds: number,
): Promise<Omit<IngestFigures, 'name' | 'source' | 'blocks' | 'readings' | 'memory'>> {
  const times = { text: [0], binary: [0], ingest: [0], again: [0], out: [0], exported: [0] };
  for (const list of Object.values(times)) list.pop();
  for (let round = 0; round < rounds; round++) {
    times.text.push(await load(bench, 'public.bare', () => bareCopy(bench, bench.files.text, 'text')));
    times.ingest.push(await load(bench, 'metering.day_block', () => ingestFile(bench, 'accepted')));
    times.binary.push(await load(bench, 'public.bare', () => bareCopy(bench, bench.files.binary, 'binary')));
    times.again.push(await timed(() => ingestFile(bench, 'unchanged')));
    times.out.push(await timed(() => copyOut(bench)));
    times.exported.push(await timed(() => exportAll(bench)));
  }
  const rate = (list: number[]): number => Math.round((bench.input.readings / median(list)) * 1_000);
  const [copyText, copyBinary, copyOutRate] = [rate(times.text), rate(times.binary), rate(times.out)];
  return {
    copyText,
    copyBinary,
    ingest: rate(times.ingest),
    ingestRatio: rate(times.ingest) / Math.max(copyText, copyBinary),
    ingestAgain: rate(times.again),
    copyOut: copyOutRate,
    exported: rate(times.exported),
    exportRatio: rate(times.exported) / copyOutRate,
  };
}

/** Milliseconds of a load into an emptied table; the sums are checked afterwards. */
async function load(
  { rooms: { admin }, input }: Bench,
  table: string,
  work: () => Promise<void>,
): Promise<number> {
  await admin.query(`truncate ${table}`);
  await admin.query('checkpoint');
  const milliseconds = await timed(work);
  const { rows } = await admin.query<{ blocks: number; readings: number; millionths: string }>(
    `select count(*)::integer as blocks, sum(present)::integer as readings,
       sum(total * 10::numeric ^ (6 - scale))::numeric(40, 0)::text as millionths from ${table}`,
  );
  const [{ blocks, readings, millionths } = { blocks: 0, readings: 0, millionths: '' }] = rows;
  if (blocks !== input.blocks || readings !== input.readings || millionths !== String(input.millionths)) {
    throw new Error(
      `${table} holds ${blocks} blocks, ${readings} readings, sum ${millionths}: not what was sent`,
    );
  }
  return milliseconds;
}

async function bareCopy({ rooms: { admin } }: Bench, path: string, format: 'text' | 'binary'): Promise<void> {
  const copy = admin.query(copyFrom(`copy public.bare (${COPIED_COLUMNS}) from stdin (format ${format})`));
  await pipeline(createReadStream(path, { highWaterMark: 262_144 }), copy);
}

async function ingestFile(bench: Bench, expected: 'accepted' | 'unchanged'): Promise<void> {
  const { rooms, files, input, memory } = bench;
  memory.before ||= megabytes();
  const watch = setInterval(() => (memory.peak = Math.max(memory.peak, megabytes())), 5);
  const body = createReadStream(files.ndjson);
  const options = { batch: 'bench', contentType: 'application/x-ndjson', now: new Date() };
  const outcome = await ingest(body, options, rooms.session({ 'readings:write': REACH }));
  clearInterval(watch);
  if (outcome[expected] !== input.blocks)
    throw new Error(`expected all ${expected}: ${JSON.stringify(outcome)}`);
}

async function copyOut({ rooms: { admin }, input }: Bench): Promise<void> {
  const columns = 'meter, interval_minutes, scale, values, total, version';
  for (const day of daysOf(input)) {
    const statement = `copy (select ${columns} from public.bare where date = '${day}' order by meter) to stdout (format binary)`;
    for await (const piece of admin.query(copyTo(statement))) void piece;
  }
}

async function exportAll({ rooms, input }: Bench): Promise<void> {
  const session = rooms.session({ 'readings:read': REACH });
  let lines = 0;
  for (const day of daysOf(input)) {
    const { body } = await exportDay(session, day, undefined);
    for await (const piece of body) lines += linesIn(piece as Buffer);
  }
  if (lines !== input.blocks) throw new Error(`${lines} lines were exported of ${input.blocks} blocks`);
}

function* daysOf({ months }: BenchInput): Generator<string> {
  for (const month of months) {
    const last = new Date(Number(month.slice(0, 4)), Number(month.slice(5)), 0).getDate();
    for (let day = 1; day <= last; day++) yield `${month}-${String(day).padStart(2, '0')}`;
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}
