import type { LimitedReach } from '../../../../gateway/policy/grant.js';
import { text } from 'node:stream/consumers';
import { exportDay } from '../../../../subgraphs/metering/readings/export-day.js';
import type { BulkSession } from '../../../../subgraphs/runtime/bulk.js';
import { ReadingsWorld, testServer } from './readings-world.js';

const DAY = '2026-03-01';
/** Quarter-hours 1, 2, 3, 4, the second hour without values, the third half missing, the rest 1 each: 103 in all. */
const QUARTERS = [1, 2, 3, 4, null, null, null, null, 5, null, null, 6, ...Array<number>(84).fill(1)];
const HOURS = ['10', null, '11', ...Array<string>(21).fill('4')];

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
  await world.has(
    { id: 'gate', building: '310101A001', interval_minutes: 15 },
    { id: 'light', building: '310101A001', level: 2 },
    { id: 'gas', building: '310101H001', energy_item: '03000' },
    { id: 'works', subject: 'B' },
    { id: 'north', subject: 'A', area: '310104', building: '310104A001' },
  );
  const everywhere = { 'readings:write': { areas: [''], subjects: [] } };
  const lines = [
    { meter: 'gate', date: DAY, interval: 15, values: QUARTERS },
    { meter: 'light', date: DAY, interval: 60, values: Array<number>(24).fill(2) },
    { meter: 'gas', date: DAY, interval: 1440, values: [7] },
    { meter: 'works', date: DAY, interval: 60, values: Array<null>(24).fill(null) },
    { meter: 'north', date: DAY, interval: 60, values: Array<number>(24).fill(3) },
  ];
  for (const factor of [10, 1]) {
    const body = lines.map(({ values, ...rest }) => {
      const scaled = values.map((value) => (value === null ? null : value * factor));
      return JSON.stringify({ ...rest, values: scaled });
    });
    await world.upload(body.join('\n'), {}, world.session('city', everywhere));
  }
});
afterAll(() => world?.close());

const OPEN: LimitedReach = {
  area: '',
  subject: null,
  energyKinds: null,
  buildingTypes: null,
  meterLevels: null,
  finest: 'AS_METERED',
};

function reader(...limited: Partial<LimitedReach>[]): BulkSession {
  const reach = { areas: [], subjects: [], limited: limited.map((one) => ({ ...OPEN, ...one })) };
  return world.session('reader', { 'readings:read': reach });
}

interface Seen {
  meter: string;
  interval_minutes: number;
  values: (string | null)[];
  total: string;
  granularity: string;
}

function visible(session: BulkSession, view = 'visible_day'): Promise<Seen[]> {
  const statement = `select meter, interval_minutes, values, total, granularity from metering.${view} order by meter`;
  return session.transaction(async (client) => (await client.query<Seen>(statement)).rows);
}

async function meters(...limited: Partial<LimitedReach>[]): Promise<string[]> {
  return (await visible(reader(...limited))).map(({ meter }) => meter);
}

test.each<[string, Partial<LimitedReach>[], string[]]>([
  ['nothing at all', [], []],
  ['a subject elsewhere', [{ subject: 'C' }], []],
  ['a subject in another area', [{ subject: 'B', area: '310104' }], []],
  ['a kind that nobody has', [{ energyKinds: ['02'] }], []],
  ['a type, and meters of no building have none', [{ buildingTypes: ['Z'] }], ['gas']],
  ['a subject', [{ subject: 'B' }], ['works']],
  ['a subject in one area', [{ subject: 'A', area: '310104' }], ['north']],
  ['a kind', [{ energyKinds: ['03'] }], ['gas']],
  ['a level', [{ meterLevels: [2] }], ['light']],
  [
    'all limits at once',
    [{ subject: 'A', area: '31', energyKinds: ['01'], buildingTypes: ['A'], meterLevels: [2, 3] }],
    ['light'],
  ],
  ['one reach or another', [{ meterLevels: [2] }, { subject: 'B' }], ['light', 'works']],
])('a reach limited to %s shows these days and no others', async (_what, limited, expected) => {
  expect(await meters(...limited)).toEqual(expected);
});

test('by the day there is one value, by the hour there are sums of what is present, and coarser days stay', async () => {
  const byDay = await visible(reader({ finest: 'DAY' }));
  expect(byDay.map(({ meter, interval_minutes, values }) => [meter, interval_minutes, values])).toEqual([
    ['gas', 1440, ['7']],
    ['gate', 1440, ['105']],
    ['light', 1440, ['48']],
    ['north', 1440, ['72']],
    ['works', 1440, [null]],
  ]);
  const byHour = await visible(reader({ finest: 'HOUR' }));
  const found = new Map(byHour.map((row) => [row.meter, row]));
  expect(found.get('gate')).toMatchObject({
    interval_minutes: 60,
    values: HOURS,
    total: '105',
    granularity: 'HOUR',
  });
  expect(found.get('light')).toMatchObject({ interval_minutes: 60, values: Array(24).fill('2') });
  expect(found.get('gas')).toMatchObject({ interval_minutes: 1440, values: ['7'] });
});

test('of several reaches that cover a day the finest counts, and for the other days their own', async () => {
  const rows = await visible(
    reader({ finest: 'DAY' }, { meterLevels: [1], finest: 'HOUR' }, { energyKinds: ['03'] }),
  );
  expect(rows.map(({ meter, granularity }) => [meter, granularity])).toEqual([
    ['gas', 'AS_METERED'],
    ['gate', 'HOUR'],
    ['light', 'DAY'],
    ['north', 'HOUR'],
    ['works', 'HOUR'],
  ]);
});

test('what may only be seen coarser is in no table: not in the days, nor in the versions before', async () => {
  const session = reader({ finest: 'HOUR' });
  for (const table of ['day_block', 'day_block_superseded']) {
    const { rows } = await session.transaction((client) => client.query(`select * from metering.${table}`));
    expect([table, rows]).toEqual([table, []]);
  }
  const [, gate] = await visible(session, 'visible_superseded_day');
  expect(gate).toMatchObject({ meter: 'gate', interval_minutes: 60, total: '1050', granularity: 'HOUR' });
  expect(gate?.values[0]).toBe('100');
});

test('by the month there is no day in any table or view, and of the sums those of closed months alone', async () => {
  const session = reader({ finest: 'MONTH' });
  const meters = { areas: [''], subjects: [] };
  const reach = { 'meters:read': meters, ...session.grant.reach };
  const monthly = world.session('reader', reach);
  for (const table of [
    'day_block',
    'day_block_superseded',
    'visible_day',
    'visible_superseded_day',
    'rollup_day',
  ]) {
    const { rows } = await monthly.transaction((client) => client.query(`select * from metering.${table}`));
    expect([table, rows]).toEqual([table, []]);
  }
  const { rows } = await monthly.transaction((client) =>
    client.query(`select total::text from metering.rollup_month where level = 2
      union all select total::text from metering.meter_months('{light}', '2026-03-15', '2026-03-15')`),
  );
  expect(rows).toEqual([{ total: '48' }, { total: '48' }]);
});

test('a month is closed some days after it is over, and not before', async () => {
  const { rows } = await world.admin.query(
    `select (select array_agg(metering.is_closed((date_trunc('month', now()) - months * interval '1 month')::date)
       order by months) from generate_series(-1, 2) as months) as closed`,
  );
  expect((rows[0] as { closed: boolean[] }).closed).toMatchObject([false, false, expect.anything(), true]);
});

test('a condition on the values sees them as they are shown, so that it cannot be used to guess finer ones', async () => {
  const session = reader({ finest: 'DAY' });
  const found = await session.transaction(async (client) => {
    const statement = `select meter from metering.visible_day where values[4] = 4 or cardinality(values) > 1`;
    return (await client.query(statement)).rows;
  });
  expect(found).toEqual([]);
});

test('a package has the same days, as coarse as they are seen', async () => {
  const session = reader({ subject: 'A', area: '310101', finest: 'HOUR' });
  const { body } = await exportDay(session, DAY, undefined);
  const lines = (await text(body)).trimEnd().split('\n');
  const days = lines.map(
    (line) => JSON.parse(line) as { meter: string; interval: number; values: unknown[] },
  );
  expect(days.map(({ meter, interval }) => [meter, interval])).toEqual([
    ['gas', 1440],
    ['gate', 60],
    ['light', 60],
  ]);
  expect(days[1]?.values).toHaveLength(24);
});

test('who may write some kinds alone is refused the others, line by line', async () => {
  const reach = { areas: [], subjects: [], limited: [{ ...OPEN, area: '310101', energyKinds: ['03'] }] };
  const session = world.session('gas-company', { 'readings:write': reach, 'readings:read': reach });
  const body = ['gas', 'gate', 'north'].map((meter) =>
    JSON.stringify({ meter, date: '2026-03-02', interval: 1440, values: [1] }),
  );
  const outcome = await world.upload(body.join('\n'), {}, session);
  expect(outcome).toMatchObject({ accepted: 1, quarantined: 2, reasons: { FOREIGN_METER: 2 } });
});

test('a consent of who owns a meter now opens nothing of who owned it before, nor a scope of where it lies now', async () => {
  await world.admin.query(`update metering.meter set subject = 'B', area = '310104' where id = 'light'`);
  try {
    expect(await meters({ subject: 'B' })).toEqual(['works']);
    expect(await meters({ area: '310104' })).toEqual(['north']);
    // Two reaches side by side: that the day is A's and the meter B's does not make one of them.
    const found = await meters({ subject: 'A', energyKinds: ['03'] }, { subject: 'B', meterLevels: [2] });
    expect(new Set(found)).toEqual(new Set(['gas']));
  } finally {
    await world.admin.query(`update metering.meter set subject = 'A', area = '310101' where id = 'light'`);
  }
});
