import type { ReadingsWorld } from '../readings/readings-world.js';
import * as nights from './nights-world.js';

let world: ReadingsWorld;
/** The last day of the month before this one, and what the meter has on it. */
let last: string;
let month: string;
beforeAll(async () => {
  world = await nights.openNights();
  const [row] = await world.rows<{ last: string; month: string }>(
    `select last::text, to_char(last, 'YYYY-MM') as month
     from (select date_trunc('month', now() at time zone 'Asia/Shanghai')::date - 1 as last) as day`,
  );
  ({ last, month } = row!);
});
afterAll(() => world?.close());

const due = (): Promise<string[]> => nights.due(world);
const night = (): Promise<string[]> => nights.night(world);
/** What was said today is said before the night. */
const nextNight = (): Promise<unknown> =>
  world.rows(`update metering.month_to_judge set asked_at = asked_at - interval '1 day'`);

const send = (each: number): Promise<unknown> => {
  const values = Array.from({ length: 24 }, (_, hour) => each + (hour % 2));
  const line = JSON.stringify({ meter: 'm1', date: last, interval: 60, values });
  return world.upload(`${line}\n`, { now: new Date() });
};
const report = (value: string, of = month): Promise<unknown> =>
  world.district.transaction((client) =>
    client.query('insert into metering.reported_month (meter, month, value) values ($1, $2, $3)', [
      'm1',
      `${of}-01`,
      value,
    ]),
  );
const found = (rule: string): Promise<{ evidence: Record<string, string> }[]> =>
  world.rows('select evidence from metering.finding where rule = $1 and superseded_at is null order by id', [
    rule,
  ]);
const judged = (): Promise<unknown> =>
  world.rows('select is_consistent, is_calibrated from metering.quality_day');

beforeEach(async () => {
  await nights.clearNights(world);
  const [next] = await world.rows<{ day: string }>(`select ($1::date + 1)::text as day`, [last]);
  await world.has({ id: 'm1', registered_at: `${last}T00:00:00+08:00`, retired_on: next!.day });
  await send(1);
  expect(await due()).toEqual([last]);
  expect(await night()).toEqual([]);
});

test('nothing is due for a month of which no day was judged, nor before the next night', async () => {
  await report('36', '2020-01');
  await nextNight();
  expect(await due()).toEqual([]);
  await report('36');
  expect(await due()).toEqual([]);
});

test('only who reaches the whole hub judges a month again', async () => {
  const part = world.session('district', { 'quality:write': { areas: ['31'], subjects: [] } });
  await expect(
    part.transaction((client) => client.query('select metering.judge_month_again($1)', [`${month}-01`])),
  ).rejects.toMatchObject({ code: 'ROW_OUT_OF_REACH' });
});

test('a month that is reported after its nights is compared in the next, once, and opens its case', async () => {
  await report('40');
  await nextNight();

  expect(await due()).toEqual([month]);
  expect(await night()).toEqual([]);
  expect(await found('DAY_MONTH')).toEqual([{ evidence: { reported: '40', days: '36', tolerance: '5' } }]);
  expect(await judged()).toMatchObject([{ is_consistent: false }]);
  expect(await world.rows(`select status from metering.quality_case where rule = 'DAY_MONTH'`)).toEqual([
    { status: 'OPEN' },
  ]);
});

test('a month said again, and a day that is written anew, are compared again', async () => {
  await report('40');
  await nextNight();
  await night();

  await report('36');
  await nextNight();
  expect(await due()).toEqual([month]);
  await night();
  expect(await found('DAY_MONTH')).toEqual([]);
  expect(await judged()).toMatchObject([{ is_consistent: true }]);

  await send(2);
  await nextNight();
  expect(await due()).toEqual([month]);
  await night();
  expect(await found('DAY_MONTH')).toEqual([{ evidence: { reported: '36', days: '60', tolerance: '5' } }]);
});

test('the same day again, and a day of a month that nobody reported, make nothing due', async () => {
  await send(2);
  await report('60');
  await nextNight();
  await night();
  await send(2);
  await nextNight();
  expect(await due()).toEqual([]);
});

test('a certificate recorded later holds for the days it covers; one that withdraws it takes that back', async () => {
  expect(await found('CALIBRATION')).toEqual([{ evidence: { certificate: 'none' } }]);
  await world.rows(
    `insert into metering.device (id, meter, serial_number, multiplier, installed_at) values ('dev_1', 'm1', '1', 1, '2025-01-01')`,
  );
  const certify = (id: string, result: string, corrects: string | null): Promise<unknown> =>
    world.rows(
      `insert into metering.calibration (id, device, meter, kind, certificate_number, organ, calibrated_on, valid_until,
         is_computed, result, corrects)
       values ($1, 'dev_1', 'm1', 'VERIFICATION', $1, 'organ', $2, $2::date + 365, false, $3, $4)`,
      [id, last, result, corrects],
    );
  await certify('cal_1', 'QUALIFIED', null);
  await nextNight();
  expect(await due()).toEqual([month]);
  expect(await night()).toEqual([]);
  expect(await found('CALIBRATION')).toEqual([]);
  expect(await judged()).toMatchObject([{ is_calibrated: true }]);

  await certify('cal_2', 'UNQUALIFIED', 'cal_1');
  await nextNight();
  await night();
  expect(await found('CALIBRATION')).toMatchObject([
    {
      evidence: {
        certificate: 'cal_2',
        number: 'cal_2',
        result: 'UNQUALIFIED',
        validUntil: expect.any(String) as string,
      },
    },
  ]);
  expect(await judged()).toMatchObject([{ is_calibrated: false }]);
});

test('an appliance that took the place of another and is recorded three working days later is found', async () => {
  const exchange = (id: string, at: string, until: string | null): Promise<unknown> =>
    world.rows(
      `insert into metering.device (id, meter, serial_number, multiplier, installed_at, removed_at)
       values ($1, 'm1', $1, 1, $2::date - interval '40 days' * ($3::text is not null)::integer, $3::date)`,
      [id, at, until],
    );
  await exchange('dev_1', last, last);
  await exchange('dev_2', last, null);
  const recorded = (days: number): Promise<unknown> =>
    world.rows(
      `update metering.device set recorded_at = metering.working_days('${last}', ${days}, '310101') + time '12:00' where id = 'dev_2'`,
    );
  await recorded(3);
  await nextNight();
  expect(await due()).toEqual([month]);
  await night();
  expect(await found('INSTRUMENT_CHANGE')).toEqual([]);

  await recorded(4);
  await report('36');
  await nextNight();
  await night();
  expect(await found('INSTRUMENT_CHANGE')).toMatchObject([{ evidence: { device: 'dev_2' } }]);
});
