import { aConsent, recordConsents } from '../world/admin.js';
import { hours, smallCity, USCC_B } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { aMeter, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
/** When the days of January were here and the later changes not. */
let afterJanuary: string;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  const district = world.as('district-310101');
  await has(district, {
    meters: [aMeter({ id: 'a-day', level: 2, energyItem: '01C00', intervalMinutes: 1440 })],
  });
  // The gate of A from 28 January to 3 March, a kWh a day more each day; the light every second day, with a gap.
  const days = Array.from({ length: 35 }, (_, place) =>
    new Date(Date.UTC(2026, 0, 28 + place)).toISOString().slice(0, 10),
  );
  await district.upload(
    days.map((date, place) => ({
      ...hours('a-gate', date, 0),
      values: [place + 1, ...Array<number>(23).fill(0)],
    })),
  );
  const gap = [...Array<number>(23).fill(0.25), null];
  await district.upload(
    days
      .filter((_, place) => place % 2 === 0)
      .map((date) => ({ meter: 'a-light', date, interval: 60, values: gap })),
  );
  await district.upload([{ meter: 'a-day', date: '2026-02-01', interval: 1440, values: [7.5] }]);
  await district.upload([
    { meter: 'a-light', date: '2026-02-02', interval: 15, values: Array<number>(96).fill(1) },
  ]);
  afterJanuary = new Date().toISOString();
}, 60_000);
afterAll(() => world.close());

type Sum = Record<'total' | 'meters' | 'meterDays' | 'present', unknown>;

async function sum(of: string, from: string, to: string, more = '', as = 'district-310101'): Promise<Sum> {
  const call = `consumption(from: "${from}", to: "${to}"${more}) { total meters meterDays present unit }`;
  const query = of === '' ? `{ ${call} }` : `{ it: ${of} { ${call} } }`;
  const data = await world.as(as).mustAsk<{ it?: { consumption: Sum }; consumption?: Sum }>(query);
  return (data.it?.consumption ?? data.consumption)!;
}

interface Periods {
  nodes: ({ hour: number | null; total: string | null } & Record<'from' | 'to', string> &
    Record<'present' | 'due' | 'wholeDays', number>)[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

async function series(
  of: string,
  step: string,
  from: string,
  to: string,
  more = '',
  as = 'district-310101',
): Promise<Periods> {
  const call = `consumptionSeries(step: ${step}, from: "${from}", to: "${to}"${more}) {
    nodes { from to hour total present due wholeDays } pageInfo { hasNextPage endCursor } }`;
  const query = of === '' ? `{ ${call} }` : `{ it: ${of} { ${call} } }`;
  const data = await world
    .as(as)
    .mustAsk<{ it?: { consumptionSeries: Periods }; consumptionSeries?: Periods }>(query);
  return (data.it?.consumptionSeries ?? data.consumptionSeries)!;
}

// prettier-ignore
const REFUSED: [string, string, string][] = [
  ['an end before the beginning', 'consumptionSeries(step: DAY, from: "2026-01-02", to: "2026-01-01") { nodes { total } }', 'is after to'],
  ['a hundred years', 'consumptionSeries(step: HOUR, from: "2000-01-01", to: "2099-01-01") { nodes { total } }', 'ten years'],
  ['a moment to come', 'consumption(from: "2026-01-01", to: "2026-01-02", asOf: "2999-01-01T00:00:00Z") { total }', 'has not come yet'],
  ['a cursor of other periods', `consumptionSeries(step: DAY, from: "2026-01-01", to: "2026-01-02", after: "${Buffer.from('["ConsumptionPeriod.HOUR","x"]').toString('base64url')}") { nodes { total } }`, 'not a cursor'],
  ['too many at once', 'consumptionSeries(step: DAY, from: "2026-01-01", to: "2026-01-02", first: 501) { nodes { total } }', 'first'],
];
test.each(REFUSED)('%s is refused in words', async (_what, field, words) => {
  const { errors } = await world.as('national').ask(`{ ${field} }`);

  expect(errors).toMatchObject([
    { message: expect.stringContaining(words), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

/** From 28 January on the gate used 1, 2, 3 … kWh a day. */
const gate = (first: number, last: number): string => String(((first + last) * (last - first + 1)) / 2);
const WHOLE: [string, string, string, number][] = [
  ['2026-02-01', '2026-02-28', gate(5, 32), 28],
  ['2026-01-30', '2026-03-02', gate(3, 34), 32],
  ['2026-01-30', '2026-02-28', gate(3, 32), 30],
  ['2026-02-01', '2026-03-01', gate(5, 33), 29],
  ['2026-02-03', '2026-02-05', gate(7, 9), 3],
  ['2025-12-31', '2026-04-30', String(Number(gate(1, 35)) + 7.2), 37],
];
test.each(WHOLE)('%s to %s is the same by months, days and meter', async (from, to, total, meterDays) => {
  const right = { total, meters: 1, meterDays, present: meterDays * 24, unit: 'kWh' };

  expect(await sum('building(id: "310101A001")', from, to)).toEqual(right);
  expect(await sum(`enterprise(uscc: "${USCC_A}")`, from, to)).toEqual(right);
  expect(await sum('meter(id: "a-gate")', from, to)).toEqual(right);
});

test('an area is all of its gates, and its neighbours are not in it', async () => {
  expect(await sum('', '2026-01-01', '2026-01-31', ', area: "310101"', 'national')).toMatchObject({
    total: String(7.2 + 24 + 10),
    meters: 2,
    meterDays: 7,
  });
  expect(await sum('', '2026-01-01', '2026-01-31', '', 'national')).toMatchObject({
    meters: 3,
    meterDays: 8,
  });
  expect(await sum('', '2026-01-01', '2026-01-31', '', 'district-310104')).toMatchObject({ total: '120' });
});

test('months, years and days of a series are those of the sums; a day without values says so', async () => {
  const months = await series('building(id: "310101A001")', 'MONTH', '2026-01-30', '2026-04-30');
  expect(months.nodes.map(({ from, to, total }) => [from, to, total])).toEqual([
    ['2026-01-30', '2026-01-31', gate(3, 4)],
    ['2026-02-01', '2026-02-28', gate(5, 32)],
    ['2026-03-01', '2026-03-31', gate(33, 35)],
    ['2026-04-01', '2026-04-30', null],
  ]);
  const years = await series('meter(id: "a-gate")', 'YEAR', '2025-06-01', '2026-12-31');
  expect(years.nodes.map(({ from, total }) => [from, total])).toEqual([
    ['2025-06-01', null],
    ['2026-01-01', String(Number(gate(1, 35)) + 7.2)],
  ]);
  const light = await series(
    `enterprise(uscc: "${USCC_A}")`,
    'DAY',
    '2026-01-29',
    '2026-01-31',
    ', energyItem: "01A00"',
  );
  expect(light.nodes.map(({ total, present, due }) => [total, present, due])).toEqual([
    [null, 0, 0],
    ['5.75', 23, 24],
    [null, 0, 0],
  ]);
});

test('pages of a series go on where the last ended, and add up to the whole', async () => {
  const seen: (string | null)[] = [];
  for (let after = ''; ;) {
    const page = await series(
      '',
      'DAY',
      '2026-02-01',
      '2026-02-28',
      `, area: "310101", first: 9${after}`,
      'national',
    );
    seen.push(...page.nodes.map(({ total }) => total));
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  expect(seen).toEqual(Array.from({ length: 28 }, (_, place) => String(place + 5)));
});

test('hours are the values in them, an hour without any says so, and days known only whole are counted beside', async () => {
  const gap = await series('meter(id: "a-light")', 'HOUR', '2026-01-30', '2026-01-30', ', first: 24');
  expect(gap.nodes.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
  expect(gap.nodes.slice(22)).toMatchObject([
    { total: '0.25', present: 1, due: 1 },
    { total: null, present: 0, due: 1 },
  ]);
  const whole = await series(
    'building(id: "310101A001")',
    'HOUR',
    '2026-02-01',
    '2026-02-01',
    ', energyItem: "01C00"',
  );
  expect(whole.nodes[0]).toMatchObject({ total: null, wholeDays: 1 });
});

test('who may see days alone gets totals of them and no hours', async () => {
  await recordConsents(
    world,
    world.as('enterprise-a'),
    aConsent({ categories: ['buildings', 'meters', 'readings'], finest: 'DAY', meterLevels: [1] }),
  );
  const building = 'building(id: "310101A001")';

  expect(await sum(building, '2026-02-01', '2026-02-28', '', 'service-co')).toMatchObject({
    total: gate(5, 32),
  });
  expect(
    await sum(building, '2026-02-01', '2026-02-28', ', energyItem: "01A00"', 'service-co'),
  ).toMatchObject({
    total: '0',
    meters: 0,
  });
  const { nodes } = await series(building, 'HOUR', '2026-02-01', '2026-02-01', '', 'service-co');
  expect([nodes[0]?.total, nodes[0]?.wholeDays]).toEqual([null, 1]);
});

test('as of a moment the figures are those recorded then, whatever was corrected or came late since', async () => {
  const district = world.as('district-310101');
  const asked: [string, string, string][] = [
    ['meter(id: "a-gate")', '2026-02-01', '2026-02-28'],
    ['building(id: "310101A001")', '2026-01-30', '2026-03-31'],
    ['', '2026-01-30', '2026-03-31'],
  ];
  const before = await Promise.all(asked.map(([of, from, to]) => sum(of, from, to)));
  await district.upload([hours('a-gate', '2026-02-10', 100), hours('a-gate', '2026-03-20', 1)]);
  await district.upload([hours('a-gate', '2026-02-10', 50)]);

  const past = await Promise.all(
    asked.map(([of, from, to]) => sum(of, from, to, `, asOf: "${afterJanuary}"`)),
  );
  expect(past).toEqual(before);
  const now = await Promise.all(
    asked.map(([of, from, to]) => sum(of, from, to, `, asOf: "${new Date().toISOString()}"`)),
  );
  expect(now.map(({ total }) => Number(total))).toEqual(
    [1200 - 14, 1200 - 14 + 24, 1200 - 14 + 24].map((more, place) => Number(before[place]!.total) + more),
  );
  const months = await series('', 'MONTH', '2026-02-01', '2026-03-31', `, asOf: "${afterJanuary}"`);
  expect(months.nodes.map(({ total }) => total)).toEqual([gate(5, 32), gate(33, 35)]);
});

test('a meter that moves takes no figures of before to its new owner', async () => {
  await world.sql(`update metering.meter set building = '310101A002', subject = $1 where id = 'a-light'`, [
    USCC_B,
  ]);
  try {
    const light = ', energyItem: "01A00"';
    expect(await sum(`enterprise(uscc: "${USCC_B}")`, '2026-01-01', '2026-04-30', light)).toMatchObject({
      total: '0',
    });
    expect(await sum(`enterprise(uscc: "${USCC_A}")`, '2026-01-01', '2026-04-30', light)).toMatchObject({
      meters: 1,
    });
  } finally {
    await world.sql(`update metering.meter set building = '310101A001', subject = $1 where id = 'a-light'`, [
      USCC_A,
    ]);
  }
});
