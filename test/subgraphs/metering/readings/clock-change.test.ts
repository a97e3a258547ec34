import { ReadingsWorld, testServer } from './readings-world.js';

const BERLIN = { time_zone: 'Europe/Berlin', installed_on: '2025-01-01' };
const [SPRING, AUTUMN] = ['2025-03-30', '2025-10-26'];

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
  await world.has({ id: 'here', installed_on: '2025-01-01' }, { id: 'there', ...BERLIN });
  const values = Array.from({ length: 24 }, (_, hour) => (hour === 2 ? null : hour));
  await world.upload(`${JSON.stringify({ meter: 'there', date: SPRING, interval: 60, values })}\n`);
});
afterAll(() => world?.close());

const asked = async (sql: string, reach: string[]): Promise<unknown[]> => {
  const all = { areas: ['31'], subjects: [] };
  const session = world.session('district', Object.fromEntries(reach.map((permission) => [permission, all])));
  return (await session.transaction((client) => client.query(sql))).rows;
};

test('what a platform was to send of a day is as long as its meters’ clocks say', async () => {
  const days = await asked(
    `select date::text, due::integer, present::integer from metering.coverage('district', '{}', '2025-03-29', '${AUTUMN}', '1 day')
     where date in ('2025-03-29', '${SPRING}', '${AUTUMN}') order by 1`,
    ['applications:read'],
  );

  expect(days).toEqual([
    { date: '2025-03-29', due: 48, present: 0 },
    { date: SPRING, due: 47, present: 23 },
    { date: AUTUMN, due: 49, present: 0 },
  ]);
});

test('a gate whose clock skipped an hour was in time without it', async () => {
  await world.rows(`update metering.meter set registered_at = '2025-01-02', subject = id`);
  await world.rows(`update metering.day_block set recorded_at = '2025-03-31'`);
  const unit = { uscc: 'there', from_day: SPRING, to_day: SPRING, hours: 48, completeness: 100 };
  const rows = await asked(
    `select energy_class, days_on_time::integer as days from metering.gate_uploads('${JSON.stringify([unit])}', '${SPRING}')`,
    ['meters:read', 'quality:read'],
  );

  expect(rows).toEqual([
    { energy_class: null, days: 1 },
    { energy_class: '01', days: 1 },
  ]);
});
