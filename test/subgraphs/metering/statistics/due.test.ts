import { ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());

const due = (fromDay: number, area = ''): Promise<{ month: string }[]> =>
  world
    .session('hub', { 'statistics:approve': { areas: [area], subjects: [] } })
    .transaction(
      async (client) =>
        (await client.query('select month::text from metering.statistics_due($1)', [fromDay])).rows as never,
    );
/** Days of the month so many before this one. */
const inMonth = async (before: number): Promise<{ first: string; tenth: string; today: number }> => {
  const [row] = await world.rows<{ first: string; tenth: string; today: number }>(
    `select first::text, (first + 9)::text as tenth, extract(day from clock)::integer as today
     from (select now() at time zone 'Asia/Shanghai' as clock) as now
     cross join lateral (select (date_trunc('month', clock) - $1 * interval '1 month')::date as first) as month`,
    [before],
  );
  return row!;
};

test('a month is due from its day on, for who may publish, where its nights have run, and once', async () => {
  const { first, tenth } = await inMonth(2);
  const last = await inMonth(1);
  await world.has({ id: 'm1', building: '310101A001' });
  for (const date of [tenth, last.tenth])
    await world.upload(
      `${JSON.stringify({ meter: 'm1', date, interval: 60, values: Array(24).fill(1) })}\n`,
      {
        now: new Date(),
      },
    );
  const night = (date: string): Promise<unknown> =>
    world.rows('insert into metering.quality_night (date, edition, ran_at) values ($1, 1, now())', [date]);
  const publish = (month: string): Promise<unknown> =>
    world.rows(
      `insert into metering.statistics_edition values (gen_random_uuid(), '310000', $1, 1, 'hub', now(), '', '', '')`,
      [month],
    );
  await night(tenth);
  expect(await due(1)).toEqual([]);
  await publish('2026-01-01');

  expect(await due(0)).toEqual([]);
  expect(await due(1, '32')).toEqual([]);
  expect(await due(28)).toEqual([{ month: first }]);
  await night(last.tenth);
  const isClosed = last.today > 5;
  expect(await due(1)).toEqual([{ month: first }, ...(isClosed ? [{ month: last.first }] : [])]);
  expect(await due(28)).toEqual([{ month: first }, ...(last.today >= 28 ? [{ month: last.first }] : [])]);
  await publish(first);
  expect(await due(28)).toEqual(last.today >= 28 ? [{ month: last.first }] : []);
});
