import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { runQualityNight } from '../../subgraphs/metering/quality/nights/repository.js';
import type { HubClient } from '../client/hub-client.js';
import type { BenchHub } from './bench-hub.js';
import { benchDoor } from './door.js';
import { forgetMeters } from './forget.js';
import { BENCH_AREA, BENCH_SUBJECT, IngestFiles } from './ingest-files.js';
import { REAL_DATA, realDays, writeInput } from './ingest-input.js';

type Figures = object & { name: string };
type Say = (text: string) => void;

const CAMBRIDGE = '../shared/data/cambridge';
const STEEL = '../shared/data/steel-15min/Steel_industry_data.csv';
/** A zero run of so many hours is one by our rule, over midnight too. */
const ZERO_HOURS = 24;

/** What the rules cost an upload, and what they find in real data. */
export async function benchQuality(hub: BenchHub, rounds: number, say: Say): Promise<Figures[]> {
  say('  loading through the door with every rule, and with COPY');
  const { figures } = await benchDoor(hub, rounds);
  const all: Figures[] = [{ ...figures, name: 'ingest with the quality engine' }];
  const client = await hub.client('bench-district');
  try {
    if (existsSync(REAL_DATA)) all.push(...(await bdg2(hub, client, say)));
    if (existsSync(CAMBRIDGE)) all.push(await cambridge(hub, client, say));
    if (existsSync(STEEL)) all.push(await steel(hub, client, say));
  } finally {
    await client.close();
  }
  return all;
}

async function bdg2(hub: BenchHub, client: HubClient, say: Say): Promise<Figures[]> {
  say('  Building Data Genome 2, and its 731 nights');
  const folder = await mkdtemp(join(tmpdir(), 'hub-bench-files-'));
  try {
    const files = new IngestFiles(folder);
    const input = await writeInput(realDays(REAL_DATA), files);
    const zones = table(join(REAL_DATA, 'buildings.csv'), 'building_id', 'timezone');
    await register(hub, [...input.meters], { zones });
    await send(client, files.ndjson, 'application/x-ndjson');
  } finally {
    await rm(folder, { recursive: true });
  }
  const days = Array.from({ length: 731 }, (_, day) =>
    new Date(Date.UTC(2016, 0, 1 + day)).toISOString().slice(0, 10),
  );
  await hub.admin.query('analyze metering.day_block, metering.meter');
  for (const day of days)
    await runQualityNight(async (sql, parameters) => (await hub.admin.query(sql, parameters)).rows, day);
  return [{ name: 'findings: bdg2', ...(await byRule(hub)) }, await agreement(hub)];
}

/** Of each meter: missing values, negative values and runs of zeros, beside what the data's own table says. */
async function agreement(hub: BenchHub): Promise<Figures & Record<string, string>> {
  const truth = parse<Record<string, string>>(readFileSync(join(REAL_DATA, 'meter_quality.csv')), {
    columns: true,
  });
  const { rows } = await hub.admin.query<{ meter: string; rule: string; days: number; places: number }>(
    `select meter, rule, count(*)::integer as days, sum((evidence ->> case rule when 'MISSING_POINTS' then 'missing' else 'count' end)::integer)::integer as places
     from metering.finding where superseded_at is null and rule in ('MISSING_POINTS', 'ZERO_RUN', 'NEGATIVE') group by 1, 2`,
  );
  const found = new Map(rows.map(({ meter, rule, places }) => [`${rule} ${meter}`, places]));
  const of = (rule: string, isTrue: (row: Record<string, string>) => boolean): string => {
    const judged = truth.map((row) => [isTrue(row), found.has(`${rule} ${row['building_id']}`)] as const);
    const count = (isReal: boolean, isFound: boolean): number =>
      judged.filter(([real, seen]) => real === isReal && seen === isFound).length;
    const [hits, extra, missed] = [count(true, true), count(false, true), count(true, false)];
    return `precision ${share(hits, hits + extra)}, recall ${share(hits, hits + missed)}; ${hits} hits, ${extra} extra, ${missed} missed`;
  };
  const exact = truth.filter(
    (row) => Number(row['missing']) === (found.get(`MISSING_POINTS ${row['building_id']}`) ?? 0),
  );
  return {
    name: 'agreement with meter_quality.csv, meters',
    missing: of('MISSING_POINTS', (row) => Number(row['missing']) > 0),
    missingExact: `${exact.length} of ${truth.length} meters with the same number of missing hours`,
    zeroRuns: of('ZERO_RUN', (row) => Number(row['longest_zero_run_h']) >= ZERO_HOURS),
    negative: of('NEGATIVE', (row) => Number(row['negative']) > 0),
  };
}

async function cambridge(hub: BenchHub, client: HubClient, say: Say): Promise<Figures> {
  say('  Cambridge, electricity and gas, five years');
  const names = readdirSync(CAMBRIDGE).filter((name) =>
    /^(electricity|gas)_hourly_\d{4}\.csv\.gz$/.test(name),
  );
  const meters = new Set<string>();
  for (const kind of ['electricity', 'gas'])
    for (let place = 0; place < 200; place++) meters.add(`${kind}-b${place}`);
  await register(hub, [...meters], { zones: new Map() });
  for (const name of names) {
    const [kind = ''] = name.split('_');
    await hub.admin.query(
      `update metering.meter set external_scheme = $1, external_value = split_part(id, '-', 2) where id like $1 || '-%'`,
      [kind],
    );
    await send(client, join(CAMBRIDGE, name), `text/csv; layout=wide; scheme=${kind}`, {
      'content-encoding': 'gzip',
    });
  }
  return { name: 'findings: cambridge', ...(await byRule(hub)) };
}

async function steel(hub: BenchHub, client: HubClient, say: Say): Promise<Figures> {
  say('  the steel works');
  await register(hub, ['steel'], { zones: new Map([['steel', 'Asia/Seoul']]), minutes: 15 });
  await send(client, STEEL, 'text/csv; layout=wide; dates=dmy; stamps=end; unlisted=skip', {
    'hub-meters': 'Usage_kWh=steel',
  });
  return { name: 'findings: steel-15min', ...(await byRule(hub)) };
}

async function register(
  { admin }: BenchHub,
  meters: string[],
  { zones, minutes = 60 }: { zones: Map<string, string>; minutes?: number },
): Promise<void> {
  await forgetMeters(admin);
  await admin.query(
    `insert into metering.meter (id, name, subject, area, level, energy_item, unit, interval_minutes, platform, time_zone)
     select id, id, $3, $4, 1, '01000', 'kWh', $5, 'bench', zone from unnest($1::text[], $2::text[]) as one (id, zone)`,
    [meters, meters.map((meter) => zones.get(meter) ?? 'UTC'), BENCH_SUBJECT, BENCH_AREA, minutes],
  );
}

async function send(
  client: HubClient,
  path: string,
  type: string,
  more: Record<string, string> = {},
): Promise<void> {
  const { body } = await client.fetch({
    method: 'POST',
    path: '/upload/readings',
    headers: { 'content-type': type, ...more },
    body: createReadStream(path, { highWaterMark: 262_144 }),
  });
  const receipt = JSON.parse(body.toString('utf8')) as { accepted?: number };
  if (!receipt.accepted) throw new Error(`the receipt says ${body.toString('utf8')}`);
}

async function byRule({ admin }: BenchHub): Promise<Record<string, number>> {
  const { rows } = await admin.query<{ name: string; count: number }>(
    `select rule as name, count(*)::integer as count from metering.finding where superseded_at is null group by 1
     union all select 'days of meters', count(*)::integer from metering.day_block
     union all select 'values marked', coalesce(sum(bit_count(quality)), 0)::integer from metering.day_block order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

function table(path: string, key: string, value: string): Map<string, string> {
  const rows = parse<Record<string, string>>(readFileSync(path), { columns: true });
  return new Map(rows.map((row) => [row[key]!, row[value]!]));
}

function share(part: number, of: number): string {
  return of === 0 ? 'none' : (part / of).toFixed(3);
}
