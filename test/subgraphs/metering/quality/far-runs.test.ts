import type { Ask } from '../../../../subgraphs/metering/quality/judging/judge-stored.js';
import { runQualityNight } from '../../../../subgraphs/metering/quality/nights/repository.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1', registered_at: '2026-01-01T00:00:00Z' });
});

const DAYS = Array.from({ length: 9 }, (_, index) => `2026-03-0${index + 1}`);
const line = (date: string, value: number): string =>
  `${JSON.stringify({ meter: 'm1', date, interval: 60, values: new Array<number>(24).fill(value) })}\n`;

const spans = async (): Promise<string[]> =>
  (
    await world.rows<{ span: string }>(
      `select to_char(date, 'DD') || ' to ' || to_char(last_date, 'DD') || ': ' || (evidence ->> 'count') as span
       from metering.finding where superseded_at is null and rule = 'STUCK' order by date`,
    )
  ).map(({ span }) => span);

const night = (date: string): Promise<object[]> =>
  world
    .session('hub', { 'quality:write': { areas: [''], subjects: [] } })
    .transaction((client) =>
      runQualityNight((async (sql, bound) => (await client.query(sql, bound)).rows) as Ask, date),
    );

test('a run that nobody knows yet is walked to its ends, however far they are', async () => {
  await world.upload(DAYS.map((date) => line(date, 5)).join(''));
  await world.rows('update metering.finding set superseded_at = now()');
  await night('2026-03-05');

  expect(await spans()).toEqual(['01 to 09: 216']);
});

test('runs that stand side by side are joined, however far each goes', async () => {
  await world.upload(DAYS.map((date) => line(date, 5)).join(''));
  await world.rows('update metering.finding set superseded_at = now()');
  await world.rows(
    `insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_date, last_interval, found_by)
     select rule, edition, meter, area, subject, first::date, 0, last::date, 23, found_by
     from (select * from metering.finding where last_date > date limit 1) as whole,
       (values ('2026-03-01', '2026-03-04'), ('2026-03-05', '2026-03-09')) as part (first, last)`,
  );
  await night('2026-03-08');

  expect(await spans()).toEqual(['01 to 09: 216']);
});

test('an upload that says of other days than it writes that they are edges is not heard', async () => {
  const [first, second, third] = DAYS;
  await world.upload(line(first!, 5));
  await world.rows('truncate metering.run_edge');
  const reach = { areas: ['31'], subjects: [] };
  await world
    .session('district', { 'readings:write': reach, 'readings:read': reach })
    .transaction(async (client) => {
      const told = `m1=${first} m1=${second} m1=${third} other=${second}`;
      await client.query(`select set_config('hub.edges', $1, true)`, [told]);
      await client.query(
        `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
         select date + 1, meter, area, subject, interval_minutes, scale, values, total, present, batch from metering.day_block`,
      );
    });

  expect(await world.rows('select meter, date::text from metering.run_edge')).toEqual([
    { meter: 'm1', date: second },
  ]);
  expect(await spans()).toEqual(['01 to 02: 48']);
});
