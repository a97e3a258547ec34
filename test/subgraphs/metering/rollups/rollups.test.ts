import fc from 'fast-check';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';
import { happen, METERS, step } from './history.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.has(...METERS);
});

interface Block {
  meter: string;
  date: string;
  sums: string;
  scale: number;
  values: (string | null)[];
}

/** The sums as they follow from the blocks, added up here and not by the database. */
async function expected(): Promise<Record<'rollup_day' | 'rollup_month', string[]>> {
  const nested = await nestedMeters();
  const blocks = await world.rows<Block>(
    `select meter, date::text, scale, values::text[], concat_ws(' ', block.subject, coalesce(building, '-'), energy_item, level, unit, block.area) as sums
     from metering.day_block as block join metering.meter on id = meter`,
  );
  const summed = (periodOf: (date: string) => string): string[] => {
    const rows = new Map<string, { total: bigint; meters: number; present: number; due: number }>();
    for (const { meter, date, sums, scale, values } of blocks) {
      const key = `${periodOf(date)} ${sums}${nested.includes(meter) ? ' nested' : ''}`;
      const row = rows.get(key) ?? { total: 0n, meters: 0, present: 0, due: 0 };
      const given = values.filter((value) => value !== null);
      for (const value of given) row.total += BigInt(value) * 10n ** BigInt(6 - scale);
      row.meters += given.length > 0 ? 1 : 0;
      row.present += given.length;
      row.due += values.length;
      rows.set(key, row);
    }
    return [...rows]
      .map(([key, { total, meters, present, due }]) => `${key}: ${total} ${meters} ${present} ${due}`)
      .sort();
  };
  return { rollup_day: summed((date) => date), rollup_month: summed((date) => `${date.slice(0, 7)}-01`) };
}

/** Those with a meter of the same item above them, however high, told by walking up each chain. */
async function nestedMeters(): Promise<string[]> {
  const meters = await world.rows<{ id: string; parent: string | null; item: string }>(
    'select id, parent, energy_item as item from metering.meter order by id',
  );
  const byId = new Map(meters.map((meter) => [meter.id, meter]));
  const isBelow = (item: string, parent: string | null): boolean => {
    const above = byId.get(parent ?? '');
    return above !== undefined && (above.item === item || isBelow(item, above.parent));
  };
  return meters.filter(({ item, parent }) => isBelow(item, parent)).map(({ id }) => id);
}

async function kept(table: 'rollup_day' | 'rollup_month'): Promise<string[]> {
  const rows = await world.rows<{ row: string }>(
    `select concat_ws(' ', ${table === 'rollup_day' ? 'date' : 'month'}, subject, coalesce(nullif(building, ''), '-'), energy_item, level, unit, area,
       case when is_nested then 'nested' end) || ': ' || concat_ws(' ', (total * 1000000)::numeric(60, 0), meters, present, due) as row from metering.${table}`,
  );
  return rows.map(({ row }) => row).sort();
}

async function faults(): Promise<string[]> {
  const rows = await world.rows<{ key: string }>(
    'select key from metering.rollup_months() as month, metering.rollup_faults(month)',
  );
  return rows.map(({ key }) => key);
}

async function sumsAreRight(): Promise<void> {
  const right = await expected();
  expect(await kept('rollup_day')).toEqual(right.rollup_day);
  expect(await kept('rollup_month')).toEqual(right.rollup_month);
  expect(await faults()).toEqual([]);
  expect(await world.rows('select id from metering.meter where is_nested order by id')).toEqual(
    (await nestedMeters()).map((id) => ({ id })),
  );
}

test('after whatever happens to days and meters, the sums are those of the blocks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (steps) => {
      await world.clear();
      await world.has(...METERS);
      for (const one of steps) {
        await happen(world, one);
        await sumsAreRight();
      }
    }),
    { seed: 20_261_120, numRuns: 8, endOnFailure: true },
  );
}, 120_000);

const DAY = { meter: 'h1', date: '2026-01-31', interval: 60, values: Array<number>(24).fill(0.5) };

test('a room reads sums and cannot change them, nor take off what keeps them', async () => {
  const asRoom = (sql: string): Promise<unknown> => world.district.transaction((client) => client.query(sql));
  await world.upload(JSON.stringify(DAY));

  for (const sql of [
    'update metering.rollup_day set total = 0',
    'insert into metering.rollup_month select * from metering.rollup_month',
    'delete from metering.rollup_day',
    'alter table metering.day_block disable trigger sum_added',
    `set session_replication_role = 'replica'`,
    `select metering.rebuild_rollups('2026-01-01')`,
  ]) {
    await expect(asRoom(sql)).rejects.toMatchObject({ code: 'ROW_OUT_OF_REACH' });
  }
  await sumsAreRight();
});

test('a day that the owner takes away is in no sum any more', async () => {
  await world.upload(JSON.stringify(DAY));
  await world.admin.query('delete from metering.day_block');

  expect([await kept('rollup_day'), await kept('rollup_month')]).toEqual([[], []]);
});

test('sums that are wrong are found and named, and made anew from the blocks', async () => {
  await world.upload(JSON.stringify(DAY));
  await world.admin.query('update metering.rollup_day set total = total + 1');
  await world.admin.query('delete from metering.rollup_month');

  expect(await faults()).toEqual([
    'rollup_day A 310101B002 01A00 2 kWh 310101',
    'rollup_month A 310101B002 01A00 2 kWh 310101',
  ]);
  await world.admin.query('select metering.rebuild_rollups(month) from metering.rollup_months() as month');
  await sumsAreRight();
  expect(await kept('rollup_month')).toEqual([
    '2026-01-01 A 310101B002 01A00 2 kWh 310101: 12000000 1 24 24',
  ]);
});

test('a meter registered anew waits for uploads under way, and what they bring moves with it', async () => {
  const upload = await world.pool.connect();
  try {
    await upload.query('begin');
    const grant = {
      caller: { tenant: 'district' },
      reach: { 'readings:write': { areas: ['310101'], subjects: [] } },
    };
    await upload.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(grant)]);
    await world.admin.query(`select metering.ensure_month('2026-01-01')`);
    await upload.query(
      `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
       values ('2026-01-31', 'h1', '310101', 'A', 60, 0, array_fill(1::bigint, array[24]), 24, 24, 'b')`,
    );
    const moving = world.admin.query(`update metering.meter set energy_item = '01C00' where id = 'h1'`);
    const first = await Promise.race([
      moving.then(() => 'moved'),
      new Promise((done) => setTimeout(done, 200, 'waits')),
    ]);
    await upload.query('commit');
    await moving;

    expect(first).toBe('waits');
    await sumsAreRight();
  } finally {
    upload.release();
  }
});

test('two who change both ends of a chain at once go one after the other, never crosswise', async () => {
  const one = await world.admin.connect();
  try {
    await one.query(`begin; update metering.meter set name = 'gate' where id = 'e1'`);
    const other = world.admin.query(`update metering.meter set energy_item = '01A00' where id = 'e2'`);
    await new Promise((done) => setTimeout(done, 200));
    // This changes e2 as well, which is then nested.
    await one.query(`update metering.meter set energy_item = '01B00' where id = 'e1'; commit`);
    await other;

    await sumsAreRight();
    expect(await nestedMeters()).toEqual(['e3']);
  } finally {
    one.release();
  }
});

test('uploads of the same month at once wait for each other and never crosswise', async () => {
  await world.admin.query(
    `insert into metering.meter (id, name, building, subject, area, level, energy_item, unit, interval_minutes, platform)
     select 'x' || n, 'x', '310101A' || n, 'A', '310101', 1, '01000', 'kWh', 60, 'district' from generate_series(1, 900) as n`,
  );
  const days = (meters: number, day: number): string =>
    `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
     select '2026-01-01'::date + ${day}, 'x' || n, '310101', 'A', 60, 0, array_fill(1::bigint, array[24]), 24, 24, 'b'
     from generate_series(1, ${meters}) as n order by n * ${day % 2 === 0 ? 1 : -1}`;
  await world.admin.query(`select metering.ensure_month('2026-01-01')`);
  await world.admin.query(days(900, 0));

  // Two connections and nobody who tries again: one that lost a deadlock would fail here.
  for (let day = 1; day < 21; day += 2)
    await Promise.all([world.admin.query(days(900, day)), world.admin.query(days(150, day + 1))]);
  expect(await faults()).toEqual([]);
});
