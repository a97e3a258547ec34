import { jsonOf } from '../../../scripts/built-hub.js';
import type { Caller } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const [FIRST, NEVER_JUDGED, THIRD] = ['2026-03-01', '2026-03-02', '2026-03-03'] as const;

let world: World;
let municipal: Caller;
beforeAll(async () => {
  world = await openWorld();
  const district = world.as('district-310101');
  municipal = world.as('municipal').for('PLATFORM_OPERATION');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [aMeter({ id: 'm1' }), aMeter({ id: 'm2' })],
  });
  const values = (set: Record<number, number | null> = {}): (number | null)[] =>
    Array.from({ length: 24 }, (_, hour) => (hour in set ? set[hour]! : 1 + (hour % 3) / 10));
  await district.upload([
    { meter: 'm1', date: FIRST, interval: 60, values: values({ 4: -0.5 }) },
    { meter: 'm2', date: FIRST, interval: 60, values: values() },
    { meter: 'm1', date: NEVER_JUDGED, interval: 60, values: values() },
    { meter: 'm1', date: THIRD, interval: 60, values: values({ 0: null, 1: null, 2: null }) },
  ]);
  for (const date of [FIRST, THIRD]) await jsonOf(world, ['quality', 'run', '--date', date]);
}, 120_000);
afterAll(() => world.close());

const FIELDS = 'from to meterDays due present marked completeness validity composite';
const series = (who: Caller, which: string, from: string = FIRST, to: string = THIRD) =>
  who.ask(`{ qualityIndexSeries(${which}from: "${from}", to: "${to}") { ${FIELDS} } }`);

describe('a series is refused', () => {
  test.each([
    ['over more than a year', FIRST, '2027-03-02', '1 to 366 days from the first, were 367'],
    ['that ends before it begins', THIRD, FIRST, '1 to 366 days from the first, were -1'],
  ])('%s', async (_name, from, to, message) => {
    expect(await series(municipal, '', from, to)).toMatchObject({
      data: { qualityIndexSeries: null },
      errors: [
        {
          message: expect.stringContaining(message) as string,
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  test('to whom nothing of quality was given', async () => {
    expect(await series(world.as('service-co'), '')).toMatchObject({
      data: { qualityIndexSeries: null },
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
  });
});

test('of more points than an answer can say the sum is refused, and the way to the same figures is named', async () => {
  const many = `select date, 'of many ' || number, area, subject, 2147483647, present, on_time, marked, is_calibrated, is_consistent,
    largest_per_hour, edition, version from metering.quality_day cross join generate_series(1, 2) as number where meter = 'm2'`;
  await world.sql(`insert into metering.quality_day ${many}`);
  const { data, errors } = await series(municipal, '');
  await world.sql(`delete from metering.quality_day where due = 2147483647`);

  expect(data).toEqual({ qualityIndexSeries: null });
  expect(errors).toMatchObject([
    { extensions: { code: 'QUERY_TOO_WIDE', remedy: expect.stringMatching(/smaller area/) as string } },
  ]);
});

test.each([
  ['another district', 'district-310104', ''],
  ['another district, by the name of the meter', 'district-310104', 'meterId: "m1", '],
  ['of another area', 'district-310101', 'area: "310104", '],
  ['of another owner', 'district-310101', 'enterpriseUscc: "91310104HUB000119T", '],
])('of days out of reach there are none: %s', async (_name, who, which) => {
  expect(await series(world.as(who), which)).toEqual({ data: { qualityIndexSeries: [] } });
});

test('each day that was judged stands by itself, in its order; one that was not is left out', async () => {
  expect(await series(municipal, 'area: "310101", ')).toEqual({
    data: {
      qualityIndexSeries: [
        {
          from: FIRST, to: FIRST, meterDays: 2, due: 48, present: 48, marked: 1,
          completeness: '100.00', validity: '97.92', composite: '77.32',
        },
        {
          from: THIRD, to: THIRD, meterDays: 1, due: 24, present: 21, marked: 0,
          completeness: '87.50', validity: '100.00', composite: '73.61',
        },
      ],
    },
  }); // prettier-ignore
});

test('the whole period is the sum of its days, not their mean', async () => {
  const { data } = await municipal.ask(`{ qualityIndex(from: "${FIRST}", to: "${THIRD}") { ${FIELDS} } }`);
  expect(data).toEqual({
    qualityIndex: {
      from: FIRST, to: THIRD, meterDays: 3, due: 72, present: 69, marked: 1,
      completeness: '95.83', validity: '98.55', composite: expect.any(String) as string,
    },
  }); // prettier-ignore
});

test('of one meter and of its owner the same days are told', async () => {
  const days = async (which: string): Promise<unknown[]> =>
    (
      (await series(world.as('enterprise-a'), which)).data as { qualityIndexSeries: { due: number }[] }
    ).qualityIndexSeries.map(({ due }) => due);

  expect(await days('meterId: "m2", ')).toEqual([24]);
  expect(await days('')).toEqual([48, 24]);
});
