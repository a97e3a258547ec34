import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import type { Caller } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let district: Caller;
const [SPRING, AUTUMN, PLAIN] = ['2025-03-30', '2025-10-26', '2025-10-27'];
const day = (meter: string, date: string, interval: number, missing: number[] = []): object => ({
  meter,
  date,
  interval,
  values: Array.from({ length: 1440 / interval }, (_, place) =>
    missing.includes(Math.floor((place * interval) / 60)) ? null : 1 + (place % 3),
  ),
});

beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  const inBerlin = { timeZone: 'Europe/Berlin', buildingId: '310101A001' };
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding(), aBuilding({ id: '310101A002' })],
    meters: [
      aMeter({ id: 'hours', ...inBerlin }),
      aMeter({ id: 'quarters', intervalMinutes: 15, ...inBerlin }),
      aMeter({ id: 'days', intervalMinutes: 1440, ...inBerlin }),
      aMeter({ id: 'here', buildingId: '310101A002' }),
    ],
  });
  await district.upload([
    // A value in the hour that was skipped, and one hour that is missing.
    day('hours', SPRING, 60, [7]),
    day('quarters', SPRING, 15, [2]),
    { meter: 'days', date: SPRING, interval: 1440, values: [5] },
    ...[AUTUMN, PLAIN].flatMap((date) => [day('hours', date, 60), day('quarters', date, 15)]),
    day('here', SPRING, 60),
    day('here', AUTUMN, 60),
  ]);
}, 60_000);
afterAll(() => world.close());

interface Counts {
  present: number;
  due: number;
}
const series = async (building: string, step: string, from: string, to = from): Promise<Counts[]> => {
  const { building: answer } = await district.mustAsk<{
    building: { consumptionSeries: { nodes: Counts[] } };
  }>(
    `{ building(id: "${building}") { consumptionSeries(step: ${step}, from: "${from}", to: "${to}", first: 50, energyItem: "01000") {
      nodes { present due } } } }`,
  );
  return answer.consumptionSeries.nodes;
};

test('a day of 23 hours owes 23, and what stands in the hour that was skipped makes up for none', async () => {
  expect(await series('310101A001', 'DAY', SPRING)).toEqual([{ present: 22 + 92 + 1, due: 23 + 92 + 1 }]);
});

test('a day of 25 hours owes 25 and has a place for 24', async () => {
  expect(await series('310101A001', 'DAY', AUTUMN, PLAIN)).toEqual([
    { present: 24 + 96, due: 25 + 100 },
    { present: 24 + 96, due: 24 + 96 },
  ]);
});

test('months are the sum of their days', async () => {
  const whole = { present: 2 * (24 + 96), due: 25 + 100 + 24 + 96 };
  expect(await series('310101A001', 'MONTH', '2025-10-01', '2025-10-31')).toEqual([whole]);
});

test('a moment is told by the same clock', async () => {
  const since = new Date().toISOString();
  const spring = `from: "${SPRING}", to: "${SPRING}", energyItem: "01000"`;
  await district.upload([day('hours', SPRING, 60, [7, 8])]);
  const { building } = await district.mustAsk<{ building: object }>(
    `{ building(id: "310101A001") { past: consumption(${spring}, asOf: "${since}") { present }
      now: consumption(${spring}) { present } } }`,
  );
  expect(building).toEqual({ past: { present: 22 + 92 + 1 }, now: { present: 21 + 92 + 1 } });
});

test('the hour that is skipped owes nothing, the one that is repeated twice', async () => {
  const spring = await series('310101A001', 'HOUR', SPRING);
  expect(spring.slice(1, 4)).toEqual([
    { present: 5, due: 5 },
    { present: 0, due: 0 },
    { present: 5, due: 5 },
  ]);
  const autumn = await series('310101A001', 'HOUR', AUTUMN);
  expect(autumn.map(({ due }) => due)).toEqual(
    Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 10 : 5)),
  );
});

test('where no clock is put forward or back every day owes 24', async () => {
  for (const date of [SPRING, AUTUMN])
    expect(await series('310101A002', 'DAY', date)).toEqual([{ present: 24, due: 24 }]);
});

test('the sums agree with the blocks', async () => {
  expect(
    await world.sql(
      'select faults.* from metering.rollup_months() as month, metering.rollup_faults(month) as faults',
    ),
  ).toEqual([]);
});
