import type { ReadingsWorld } from '../readings/readings-world.js';
import * as nights from './nights-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await nights.openNights();
});
afterAll(() => world?.close());
beforeEach(() => nights.clearNights(world));

const due = (areas?: string[]): Promise<string[]> => nights.due(world, areas);
const night = (): Promise<string[]> => nights.night(world);
const ago = (days: number): Promise<string> => nights.ago(world, days);
/** All nights ran, each at this hour of the morning after, when most deadlines were still to come. */
const ranInTheMorning = (): Promise<unknown> =>
  world.rows(`insert into metering.quality_night (date, edition, ran_at)
    select day::date, 1, (day + interval '25 hours') at time zone 'Asia/Shanghai'
    from generate_series((now() at time zone 'Asia/Shanghai')::date - 60::integer,
      (now() at time zone 'Asia/Shanghai')::date - 2, interval '1 day') as day`);
const flat = Array.from({ length: 24 }, (_, hour) => 1 + (hour % 3) / 10);
const came = async (meter: string, date: string, at: string): Promise<void> => {
  await world.upload(`${JSON.stringify({ meter, date, interval: 60, values: flat })}\n`, { now: new Date() });
  await world.rows(
    `update metering.day_block set recorded_at = ($2::date + $3::interval) at time zone 'Asia/Shanghai'
      where meter = $1 and date = $2`,
    [meter, date, at],
  );
};
const silent = (): Promise<unknown> =>
  world.rows(`select meter, date::text from metering.finding where rule = 'NOT_UPLOADED' and superseded_at is null
    order by 1, 2`);

test('nothing is due for who does not reach the whole hub, nor where no meter owes a day', async () => {
  await world.has({ id: 'coming', registered_at: '2025-01-01T00:00:00Z', installed_on: await ago(0) });
  expect(await due()).toEqual([]);
  await world.has({ id: 'm1', registered_at: '2025-01-01T00:00:00Z' });
  expect(await due(['31'])).toEqual([]);
  expect(await due()).toContain(await ago(1));
});

test('a day whose deadline is still to come is not found missing, and counts as not here from the first night', async () => {
  const day = await ago(1);
  await world.has({ id: 'm1', registered_at: `${day}T00:00:00+08:00` });

  expect(await due()).toEqual([day]);
  expect(await night()).toEqual([]);
  expect(await silent()).toEqual([]);
  expect(await world.rows('select date::text, due, present, on_time from metering.quality_day')).toEqual([
    { date: day, due: 24, present: 0, on_time: 0 },
  ]);
});

test('a day that never came is judged again once its deadline has passed, and no more after', async () => {
  const day = await ago(2);
  await world.has({ id: 'silent', registered_at: `${day}T00:00:00+08:00`, retired_on: await ago(1) });
  await ranInTheMorning();

  expect(await due()).toEqual([day]);
  expect(await night()).toEqual([]);
  expect(await silent()).toEqual([{ meter: 'silent', date: day }]);
  expect(await world.rows(`select rule, first_date::text from metering.quality_case where rule = 'NOT_UPLOADED'`)).toEqual([
    { rule: 'NOT_UPLOADED', first_date: day },
  ]); // prettier-ignore
});

test('no night is run again for a deadline by which every meter had sent its day', async () => {
  const day = await ago(2);
  await world.has({ id: 'm1', registered_at: `${day}T00:00:00+08:00`, retired_on: await ago(1) });
  await came('m1', day, '24:10');
  await ranInTheMorning();

  expect(await due()).toEqual([]);
});

test('the deadline is that of the clock of the meter', async () => {
  const day = await ago(3);
  const retired_on = await ago(2);
  await world.has({
    id: 'm1',
    registered_at: '2025-01-01T00:00:00Z',
    time_zone: 'Pacific/Honolulu',
    retired_on,
  });
  await ranInTheMorning();
  // After the deadline in Shanghai, and before that of the meter.
  await world.rows(`update metering.quality_night set ran_at = ($1::date + interval '50 hours') at time zone 'Asia/Shanghai'`, [day]); // prettier-ignore

  expect(await due()).toContain(day);
});

test('what was missed while the hub was down is caught up a month back, nights and reminders alike', async () => {
  await world.has({ id: 'm1', registered_at: '2025-01-01T00:00:00Z' });
  const days = await due();
  expect([days[0], days.at(-1), days.length]).toEqual([await ago(33), await ago(1), 33]);
  expect(await night()).toEqual([]);

  const remind = (tenant = 'hub'): Promise<unknown> =>
    world
      .session(tenant, { 'quality:write': { areas: [''], subjects: [] } })
      .transaction(
        async (client) => (await client.query('select metering.remind_of_uploads() as made')).rows,
      );
  await expect(remind('district')).rejects.toMatchObject({ code: 'ROW_OUT_OF_REACH' });
  expect(await remind()).toEqual([{ made: 32 }]);
  expect(await remind()).toEqual([{ made: 0 }]);
  expect(
    await world.rows(
      'select min(date)::text as first, max(date)::text as last from metering.upload_reminder',
    ),
  ).toEqual([{ first: await ago(33), last: await ago(2) }]);
});

test('a meter that is registered with more than an hour between its values is told, without a case', async () => {
  const day = { registered_at: `${await ago(1)}T00:00:00+08:00` };
  await world.has({ id: 'hourly', ...day }, { id: 'daily', interval_minutes: 1440, ...day });
  await night();

  const rows = await world.rows(
    `select meter, evidence from metering.finding where rule = 'COLLECTION_INTERVAL'`,
  );
  expect(rows).toEqual([{ meter: 'daily', evidence: { interval: '1440', longest: '60' } }]);
  expect(await world.rows(`select from metering.quality_case where rule = 'COLLECTION_INTERVAL'`)).toEqual(
    [],
  );
});

test('of days that were judged long ago a thirtieth is looked at each minute, the last ones always', async () => {
  await world.has({ id: 'm1', registered_at: '2025-01-01T00:00:00Z' });
  await ranInTheMorning();
  for (let back = 2; back <= 33; back++) await came('m1', await ago(back), '47:00');
  const turns = async (): Promise<string[]> => {
    const rows = await world.rows<{ day: string }>(
      `select day::date::text as day from generate_series((now() at time zone 'Asia/Shanghai')::date - 33::integer,
        (now() at time zone 'Asia/Shanghai')::date - 4, interval '1 day') as day
       where (day::date - '2000-01-01') % 30 = extract(minute from now())::integer % 30`,
    );
    return rows.map(({ day }) => day);
  };
  let [older, found] = [['before'], ['now']];
  // A minute may end in between.
  for (let round = 0; round < 2 && older.join() !== found.join(); round++) {
    older = await turns();
    const all = await due();
    expect(all.slice(-3)).toEqual([await ago(3), await ago(2), await ago(1)]);
    found = all.slice(0, -3);
  }
  expect(found).toEqual(older);
  expect(older.length).toBe(1);
});
