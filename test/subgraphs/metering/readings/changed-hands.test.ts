import { smallCity, USCC_B } from '../../../world/city.js';
import { USCC_A } from '../../../world/parties.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, date, hours, mustEstimate } from '../estimates/working.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const district = () => world.as('district-310101');

/** Sends a day of hourly values: those given by hour, none elsewhere. */
async function send(meter: string, date: string, given: Record<number, number>): Promise<void> {
  const values = Array.from({ length: 24 }, (_, hour) => given[hour + 1] ?? null);
  const { json } = await district().upload([{ meter, date, interval: 60, values }]);
  expect(json).toMatchObject({ quarantined: 0 });
}

/** The meter becomes that of the house of B. */
async function sell(meter: object): Promise<void> {
  await has(district(), { meters: [aMeter({ ...meter, buildingId: '310101A002' })] });
}

/** Whose each day of a meter is, and what it comes to. */
function days(meter: string, table = 'day_block'): Promise<object[]> {
  const total = table === 'day_block' ? 'total::float8 * 10.0 ^ -scale as total,' : '';
  return world.sql(
    `select date::text, subject, ${total} version from metering.${table} where meter = $1 order by date`,
    [meter],
  );
}

test('a day that is corrected after its meter changed hands does not become that of its new owner', async () => {
  const meter = { id: 'sold' };
  await has(district(), { meters: [aMeter(meter)] });
  await send('sold', '2026-03-01', { 1: 5 });
  await sell(meter);
  await send('sold', '2026-03-01', { 1: 7, 2: 1 });
  await send('sold', '2026-03-02', { 1: 2 });

  expect(await days('sold')).toEqual([
    { date: '2026-03-01', subject: USCC_A, total: 8, version: 2 },
    { date: '2026-03-02', subject: USCC_B, total: 2, version: 1 },
  ]);
});

test('nor by single readings that are laid over it', async () => {
  const meter = { id: 'sold-by-readings' };
  await has(district(), { meters: [aMeter(meter)] });
  await send(meter.id, '2026-03-01', { 1: 5 });
  await sell(meter);
  await district().upload([{ meter: meter.id, time: '2026-03-01T02:00:00+08:00', value: 3 }]);

  expect(await days(meter.id)).toEqual([{ date: '2026-03-01', subject: USCC_A, total: 8, version: 2 }]);
});

test('nor does a day of a counter whose first interval a late reading of the new owner’s time changes', async () => {
  const meter = { id: 'counter', kind: 'REGISTER' as const, registerDigits: 5 };
  await has(district(), { meters: [aMeter(meter)] });
  await send('counter', '2026-03-01', { 1: 100 });
  await send('counter', '2026-03-03', { 1: 130 });
  await sell(meter);
  await send('counter', '2026-03-02', { 1: 110 });
  await send('counter', '2026-03-01', { 1: 100, 2: 104 });

  expect(await days('counter')).toMatchObject([
    { date: '2026-03-01', subject: USCC_A },
    { date: '2026-03-02', subject: USCC_B },
    { date: '2026-03-03', subject: USCC_A, total: 20 },
  ]);
  expect(await days('counter', 'register_day')).toMatchObject([
    { date: '2026-03-01', subject: USCC_A, version: 2 },
    { date: '2026-03-02', subject: USCC_B },
    { date: '2026-03-03', subject: USCC_A, version: 1 },
  ]);
});

test('nor does what is estimated of it: whose the day was is said by the day, or by the case where it never came', async () => {
  const meter = { id: 'estimated' };
  await has(district(), { meters: [aMeter(meter)] });
  await district().upload([hours(meter.id, 5, 1), hours(meter.id, 6, 1, { 3: null }), hours(meter.id, 8, 1)]);
  await sell(meter);
  const gap = await aCase(world, meter.id, 'COMPLETENESS', [6]);
  const lost = await aCase(world, meter.id, 'NOT_UPLOADED', [7]);
  await mustEstimate(district(), gap, 'LINEAR', [6, 6]);
  await mustEstimate(district(), lost, 'LINEAR', [7, 7]);

  const made = await world.sql(
    `select date::text, subject from metering.estimate_day where meter = $1 order by date`,
    [meter.id],
  );
  expect(made).toEqual([
    { date: date(6), subject: USCC_A },
    { date: date(7), subject: USCC_A },
  ]);
});
