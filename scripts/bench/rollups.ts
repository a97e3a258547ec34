import type { HubClient } from '../client/hub-client.js';
import { BENCH_SUBJECT } from './ingest-files.js';
import type { BenchHub } from './bench-hub.js';
import { median, timed } from './timing.js';

/** What was asked of a city's month with so many readings behind it. */
export interface RollupFigures {
  name: string;
  /** Millions of readings stored. */
  millions: number;
  months: number;
  /** Milliseconds of one query for a month of the city by category, through the gateway. */
  month: number;
  /** Milliseconds of the same sums from the month's blocks, in the database alone: no gateway, no policy. */
  fromBlocks: number;
  /** Resident memory of the hub's process, MB. */
  memory: number;
}

/** Microseconds a block of 96 values takes to be inserted, a thousand a statement. */
export interface KeepingFigures {
  name: string;
  without: number;
  with: number;
  share: number;
}

/** Each house has a gate, its lights, its heating, a gate for water and one for gas: a million readings a month. */
const ITEMS = ['01000', '01A00', '01B00', '02000', '03000'];
const HOUSES = 70;
const VALUES = 96;
const FIRST_MONTH = '2016-01-01';
const ROUNDS = 15;
const WARMING = 5;
const CITY = { id: 'bench-city', tier: 'MUNICIPAL', area: '310000' } as const;

const MONTH = `query { ${ITEMS.map((item) => `i${item}: consumption(area: "310000", from: "2016-01-01", to: "2016-01-31", energyItem: "${item}") { total present }`).join(' ')} }`;

/** Each month brings about a million readings; asked after 1, 10 and, if wanted, 100 of them. */
export async function benchRollups(
  hub: BenchHub,
  { isHuge, say }: { isHuge: boolean; say: (text: string) => void },
): Promise<(RollupFigures | KeepingFigures)[]> {
  await hub.register([{ ...CITY, permissions: ['readings:read', 'meters:read'] }]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await registerMeters(hub);
  const client = await hub.client(CITY.id);
  const figures: (RollupFigures | KeepingFigures)[] = [];
  let loaded = 0;
  try {
    for (const months of isHuge ? [1, 10, 100] : [1, 10]) {
      say(`  loading ${months - loaded} more months`);
      for (; loaded < months; loaded += 1) await loadMonth(hub, loaded);
      await hub.admin.query('vacuum analyze metering.rollup_day, metering.rollup_month');
      figures.push(await ask(hub, client, months));
    }
    say('  inserting with and without the sums');
    figures.push(await keeping(hub));
    return figures;
  } finally {
    await client.close();
  }
}

async function registerMeters({ admin }: BenchHub): Promise<void> {
  await admin.query(
    `insert into metering.meter (id, name, building, subject, area, level, energy_item, unit, interval_minutes, platform)
     select building || '-' || item, 'Bench', building, $1, left(building, 6), case right(item, 3) when '000' then 1 else 2 end,
       item, case left(item, 2) when '01' then 'kWh' else 'm3' end, 15, 'bench'
     from (select case n % 2 when 0 then '310101' else '310104' end || 'A' || lpad(n::text, 3, '0') as building
       from generate_series(1, $2) as n) as house, unnest($3::text[]) as item`,
    [BENCH_SUBJECT, HOUSES, ITEMS],
  );
}

/** Blocks of made-up values for the days of a span, by the owner: the triggers keep the sums as for anybody. */
const BLOCKS = `
  insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
  select date, id, area, subject, 15, 3, made.values, (select sum(value) from unnest(made.values) as value), ${VALUES}, 'bench'
  from generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') as day
  cross join lateral (select day::date as date) as of
  cross join metering.meter
  cross join lateral (
    select array_agg((hashtext(id) & 65535) + (date - '2016-01-01'::date) * 7 + place * 13) as values
    from generate_series(1, ${VALUES}) as place
  ) as made`;

async function loadMonth({ admin }: BenchHub, number: number): Promise<void> {
  const { rows } = await admin.query<{ first: string; last: string }>(
    `select first::date::text as first, (first + interval '1 month - 1 day')::date::text as last
     from (select $1::date + make_interval(months => $2) as first) as month`,
    [FIRST_MONTH, number],
  );
  const { first, last } = rows[0]!;
  await admin.query('select metering.ensure_month($1)', [first]);
  await admin.query(BLOCKS, [first, last]);
}

async function ask(hub: BenchHub, client: HubClient, months: number): Promise<RollupFigures> {
  const right = new Map<string, string>();
  const fromBlocks = await timed(async () => {
    const { rows } = await hub.admin.query<{ item: string; said: string }>(
      `select energy_item as item, trim_scale(sum(total * 10::numeric ^ -scale)) || ' ' || sum(present) as said
       from metering.day_block join metering.meter on id = meter
       where date between '2016-01-01' and '2016-01-31' group by 1`,
    );
    for (const { item, said } of rows) right.set(item, said);
  });
  const times: number[] = [];
  // The first ones open connections and fill caches.
  for (let round = -WARMING; round < ROUNDS; round += 1) {
    times.push(
      await timed(async () => {
        const sums = await client.ask<Record<string, { total: string; present: number }>>(MONTH, {});
        for (const item of ITEMS) {
          const { total, present } = sums[`i${item}`]!;
          if (`${total} ${present}` !== right.get(item))
            throw new Error(`${item}: ${total} of ${present}, the blocks say ${right.get(item)}`);
        }
      }),
    );
  }
  const { rows } = await hub.admin.query<{ readings: number }>(
    'select sum(present)::float8 as readings from metering.rollup_month',
  );
  const { now } = await hub.memory();
  const millions = Math.round((rows[0]?.readings ?? 0) / 1e5) / 10;
  return { name: 'rollups', millions, months, month: median(times.slice(WARMING)), fromBlocks, memory: now };
}

/** Three stored days once more under other dates, in turns with and without the triggers, rolled back each time. */
const AGAIN = `
  insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
  select date + ('2025-01-01'::date - '2016-01-01'::date), meter, area, subject, interval_minutes, scale, values, total, present, batch
  from metering.day_block where date between '2016-01-01' and '2016-01-03'`;

async function keeping({ admin }: BenchHub): Promise<KeepingFigures> {
  const times = { with: [] as number[], without: [] as number[] };
  await admin.query(`select metering.ensure_month('2025-01-01')`);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ['without', 'with'] as const) {
      await admin.query('begin');
      if (way === 'without') await admin.query('alter table metering.day_block disable trigger sum_added');
      times[way].push(await timed(() => admin.query(AGAIN)));
      await admin.query('rollback');
    }
  }
  const micros = (way: 'with' | 'without'): number =>
    (median(times[way]) * 1_000) / (HOUSES * ITEMS.length * 3);
  const [without, kept] = [micros('without'), micros('with')];
  return { name: 'keeping', without, with: kept, share: kept / without - 1 };
}
