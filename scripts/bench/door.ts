import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { HubClient } from '../client/hub-client.js';
import { BenchHub } from './bench-hub.js';
import { BENCH_AREA, BENCH_SUBJECT, COPIED_COLUMNS, IngestFiles } from './ingest-files.js';
import { benchDays, madeUpDays, writeInput, type BenchDay, type BenchInput } from './ingest-input.js';
import { forgetDays, forgetMeters } from './forget.js';
import { processorOf } from './processor.js';
import { median, timed } from './timing.js';

/** Readings a second, medians of the rounds; the ratio is ours over the faster bare COPY of the same run. */
export interface DoorFigures {
  name: string;
  source: string;
  blocks: number;
  readings: number;
  copyText: number;
  copyBinary: number;
  door: number;
  ratio: number;
  /** Processor seconds a million readings: what binary COPY takes of the database, what the door takes of it and of the hub. */
  processor: { copy: number; database: number; hub: number };
  /** Resident memory of the hub's process, MB. */
  memory: { before: number; peak: number };
}

/**
 * Loads the same day blocks with bare COPY (text and binary; no row-level security, one transaction) and through
 * `POST /upload/readings` over TLS from another process, in turn. Sums are compared after every load.
 */
export async function benchDoor(
  hub: BenchHub,
  rounds: number,
  what = benchDays(),
): Promise<{ figures: DoorFigures; input: BenchInput }> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-bench-files-'));
  const client = await hub.client('bench-district');
  try {
    const files = new IngestFiles(folder);
    const input = await writeInput(what.days, files);
    await prepare(hub, input);
    const before = (await hub.memory()).now;
    const database = await processorOf(hub.admin);
    const loads = { text: [] as Load[], binary: [] as Load[], door: [] as Load[] };
    const bare = { table: 'public.bare', input, database };
    const stored = { table: 'metering.day_block', input, database };
    for (let round = 0; round < rounds; round += 1) {
      loads.text.push(await load(hub, bare, () => bareCopy(hub, files.text, 'text')));
      loads.door.push(await load(hub, stored, () => throughDoor(client, files.ndjson, input)));
      loads.binary.push(await load(hub, bare, () => bareCopy(hub, files.binary, 'binary')));
    }
    const middle = (list: Load[], of: keyof Load): number => median(list.map((one) => one[of]));
    const rate = (list: Load[]): number =>
      Math.round((input.readings / middle(list, 'milliseconds')) * 1_000);
    const [copyText, copyBinary, door] = [rate(loads.text), rate(loads.binary), rate(loads.door)];
    const memory = { before, peak: (await hub.memory()).peak };
    const ratio = door / Math.max(copyText, copyBinary);
    const each = (list: Load[], of: 'database' | 'hub'): number =>
      Math.round((middle(list, of) / input.readings) * 1_000) / 1_000;
    const processor = {
      copy: each(loads.binary, 'database'),
      database: each(loads.door, 'database'),
      hub: each(loads.door, 'hub'),
    };
    const { blocks, readings } = input;
    return {
      input,
      figures: {
        name: 'door',
        source: what.source,
        blocks,
        readings,
        copyText,
        copyBinary,
        door,
        ratio,
        processor,
        memory,
      },
    };
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
}

/** A city's day: 20,000 meters with a value every quarter of an hour. */
export function cityDay(): { source: string; days: AsyncGenerator<BenchDay> } {
  return { source: 'made up: 20,000 meters, quarter-hourly, one day', days: madeUpDays(20_000, 1, 96) };
}

async function prepare({ admin }: BenchHub, { months, meters }: BenchInput): Promise<void> {
  await admin.query('drop table if exists public.bare');
  await admin.query(
    'create table public.bare (like metering.day_block including all) partition by range (date)',
  );
  for (const month of months) {
    const first = `${month}-01`;
    await admin.query('select metering.ensure_month($1)', [first]);
    await admin.query(
      `create table bare_${month.replace('-', '_')} partition of bare
       for values from ('${first}') to (date '${first}' + interval '1 month')`,
    );
  }
  await forgetMeters(admin);
  await admin.query(
    `insert into metering.meter (id, name, subject, area, level, energy_item, unit, interval_minutes, platform)
     select id, id, $2, $3, 1, '01000', 'kWh', 60, 'bench' from unnest($1::text[]) as id`,
    [[...meters], BENCH_SUBJECT, BENCH_AREA],
  );
}

/** What a load took: beside its time, microseconds of the processor. */
interface Load {
  milliseconds: number;
  database: number;
  hub: number;
}

/** A load into an emptied table; what was stored must be what was sent. */
async function load(
  hub: BenchHub,
  { table, input, database }: { table: string; input: BenchInput; database: () => Promise<number> },
  work: () => Promise<void>,
): Promise<Load> {
  const { admin } = hub;
  await (table === 'metering.day_block' ? forgetDays(admin) : admin.query(`truncate ${table}`));
  await admin.query('checkpoint');
  const before = { database: await database(), hub: await hub.processor() };
  const milliseconds = await timed(work);
  const took = {
    milliseconds,
    database: (await database()) - before.database,
    hub: (await hub.processor()) - before.hub,
  };
  const { rows } = await admin.query<{ blocks: number; millionths: string }>(
    `select count(*)::integer as blocks, sum(total * 10::numeric ^ (6 - scale))::numeric(40, 0)::text as millionths from ${table}`,
  );
  if (rows[0]?.blocks !== input.blocks || rows[0]?.millionths !== String(input.millionths)) {
    throw new Error(
      `${table} holds ${JSON.stringify(rows[0])}, not the ${input.blocks} blocks that were sent`,
    );
  }
  return took;
}

async function bareCopy({ admin }: BenchHub, path: string, format: 'text' | 'binary'): Promise<void> {
  const copy = admin.query(copyFrom(`copy public.bare (${COPIED_COLUMNS}) from stdin (format ${format})`));
  await pipeline(createReadStream(path, { highWaterMark: 262_144 }), copy);
}

async function throughDoor(client: HubClient, path: string, input: BenchInput): Promise<void> {
  const { body } = await client.fetch({
    method: 'POST',
    path: '/upload/readings',
    headers: { 'content-type': 'application/x-ndjson' },
    body: createReadStream(path, { highWaterMark: 262_144 }),
  });
  const receipt = JSON.parse(body.toString('utf8')) as { accepted: number };
  if (receipt.accepted !== input.blocks) throw new Error(`the receipt says ${body.toString('utf8')}`);
}
