import { runQualityNight } from '../../../../subgraphs/metering/quality/nights/repository.js';
import type { Ask } from '../../../../subgraphs/metering/quality/judging/judge-stored.js';
import { NOW, ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(() => world.clear());

const KNOWN = { registered_at: '2026-01-01T00:00:00Z' };
const HUB = { areas: [''], subjects: [] };

const night = (date = '2026-03-01', reach = HUB): Promise<object[]> =>
  world
    .session('hub', { 'quality:write': reach })
    .transaction((client) =>
      runQualityNight((async (sql, bound) => (await client.query(sql, bound)).rows) as Ask, date),
    );

const values = (count: number, each = 1): (number | null)[] =>
  Array.from({ length: 24 }, (_, hour) => (hour < count ? each + (hour % 2) / 10 : null));
const day = (meter: string, list: (number | null)[], date = '2026-03-01'): string =>
  `${JSON.stringify({ meter, date, interval: 60, values: list })}\n`;
/** When the days came, instead of now. */
const came = (at: string): Promise<unknown> =>
  world.rows('update metering.day_block set recorded_at = $1', [at]);

const found = async (): Promise<[string, string, Record<string, string>][]> => {
  const rows = await world.rows<{ meter: string; rule: string; evidence: Record<string, string> }>(
    `select meter, rule, evidence from metering.finding where superseded_at is null and rule <> 'CALIBRATION' and rule <> 'LATE'
     order by meter, rule`,
  );
  return rows.map(({ meter, rule, evidence }) => [meter, rule, evidence]);
};
const rules = async (): Promise<string[]> => (await found()).map(([meter, rule]) => `${meter} ${rule}`);

test('only who reaches the whole hub runs it', async () => {
  await expect(night('2026-03-01', { areas: ['31'], subjects: [] })).rejects.toMatchObject({
    code: 'ROW_OUT_OF_REACH',
  });
});

test('a day that misses points, too many points, or itself', async () => {
  await world.has(
    { id: 'whole', ...KNOWN },
    { id: 'some', ...KNOWN },
    { id: 'few', ...KNOWN },
    { id: 'none', ...KNOWN },
  );
  await world.upload(day('whole', values(24)) + day('some', values(22)) + day('few', values(21)));
  await came('2026-03-01T20:00:00Z');
  await night();

  expect(await found()).toEqual([
    ['few', 'COMPLETENESS', { due: '24', present: '21', least: '90' }],
    ['few', 'MISSING_POINTS', { due: '24', present: '21', missing: '3' }],
    ['none', 'NOT_UPLOADED', { due: '24' }],
    ['some', 'MISSING_POINTS', { due: '24', present: '22', missing: '2' }],
  ]);
});

test('what was never due is not missed: retired, not yet in use, not yet known here', async () => {
  await world.has(
    { id: 'retired', retired_on: '2026-03-01', ...KNOWN },
    { id: 'coming', installed_on: '2026-03-02', ...KNOWN },
    { id: 'unknown', registered_at: '2026-03-01T20:00:00Z' },
  );
  await night();

  expect(await found()).toEqual([]);
});

describe('of days on which clocks are put forward or back', () => {
  const BERLIN = { time_zone: 'Europe/Berlin', registered_at: '2025-01-01T00:00:00Z' };
  const [spring, autumn] = ['2025-03-30', '2025-10-26'];
  const counts = (): Promise<unknown> =>
    world.rows('select meter, due, present from metering.quality_day order by meter');
  const without = (hour: number): (number | null)[] =>
    values(24).map((value, at) => (at === hour ? null : value));

  test('the skipped hour is not due, and a value in it makes up for none that is missing', async () => {
    await world.has({ id: 'filled', ...BERLIN }, { id: 'short', ...BERLIN }, { id: 'whole', ...BERLIN });
    await world.upload(
      day('whole', without(2), spring) + day('filled', values(24), spring) + day('short', without(7), spring),
    );
    await came('2025-03-31T00:00:00Z');
    await night(spring);

    expect(await counts()).toEqual([
      { meter: 'filled', due: 23, present: 23 },
      { meter: 'short', due: 23, present: 22 },
      { meter: 'whole', due: 23, present: 23 },
    ]);
    expect(await rules()).toEqual(['filled DST_GAP', 'short DST_GAP', 'short MISSING_POINTS']);
  });

  test('the repeated hour is due twice and has one place; its levels are compared all the same', async () => {
    await world.has({ id: 'gate', ...BERLIN }, { id: 'daily', interval_minutes: 1440, ...BERLIN });
    await world.has({ id: 'part', level: 2, parent: 'gate', ...BERLIN } as object);
    await world.upload(
      day('gate', values(24), autumn) +
        day('part', values(24, 10), autumn) +
        `{"meter":"daily","date":"${autumn}","interval":1440,"values":[7]}\n`,
    );
    await came('2025-10-27T00:00:00Z');
    await night(autumn);

    expect(await counts()).toEqual([
      { meter: 'daily', due: 1, present: 1 },
      { meter: 'gate', due: 25, present: 24 },
      { meter: 'part', due: 25, present: 24 },
    ]);
    expect(await rules()).toEqual([
      'daily COLLECTION_INTERVAL', 'gate BALANCE', 'gate DST_DUPLICATE', 'gate MISSING_POINTS', 'part DST_DUPLICATE', 'part MISSING_POINTS',
    ]); // prettier-ignore
  });
});

test('a back-filled day is complete now and was not online', async () => {
  await world.has({ id: 'm1', ...KNOWN });
  await world.upload(day('m1', values(24)));
  await came('2026-03-02T16:00:01Z');
  await night();

  expect(await rules()).toEqual(['m1 TIMELINESS']);
  expect(await world.rows('select due, present, on_time from metering.quality_day')).toEqual([
    { due: 24, present: 24, on_time: 0 },
  ]);
  await came('2026-03-02T16:00:00Z');
  await night();
  expect(await world.rows('select on_time from metering.quality_day')).toEqual([{ on_time: 24 }]);
  expect(await rules()).toEqual([]);
});

test('twice is the same; a day that came takes its finding out of force', async () => {
  await world.has({ id: 'm1', ...KNOWN });
  await night();
  const before = await world.rows('select * from metering.finding order by id');
  await night();
  expect(await world.rows('select * from metering.finding order by id')).toEqual(before);

  await world.upload(day('m1', values(24)));
  await night();
  expect(await rules()).toEqual(['m1 TIMELINESS']);
});

test('a month may depart from its days by the tolerance, and by no more', async () => {
  await world.has({ id: 'within', ...KNOWN }, { id: 'beyond', ...KNOWN });
  const flat = Array.from({ length: 24 }, () => 5);
  await world.upload(day('within', flat, '2026-02-28') + day('beyond', flat, '2026-02-28'));
  const report = (meter: string, value: string): Promise<unknown> =>
    world.district.transaction((client) =>
      client.query(
        `insert into metering.reported_month (meter, month, value) values ($1, '2026-02-01', $2)`,
        [meter, value],
      ),
    );
  await report('within', '1');
  await report('within', '114.285715');
  await report('beyond', '114.285714');
  await night('2026-02-28');

  const days = (await found()).filter(([, rule]) => rule === 'DAY_MONTH');
  expect(days).toEqual([['beyond', 'DAY_MONTH', { reported: '114.285714', days: '120', tolerance: '5' }]]);
});

test('parts that come to less than the whole leave a remainder, and an incomplete whole is not judged', async () => {
  await world.has({ id: 'gate', ...KNOWN }, { id: 'half', ...KNOWN });
  await world.has(
    { id: 'left', level: 2, parent: 'gate', ...KNOWN } as object,
    { id: 'part', level: 2, parent: 'half', ...KNOWN } as object,
  );
  await world.upload(
    day('gate', values(24, 10)) +
      day('left', values(24, 2)) +
      day('half', values(23, 5)) +
      day('part', values(24, 10)),
  );
  await came('2026-03-01T20:00:00Z');
  await night();

  expect((await rules()).filter((rule) => rule.includes('BALANCE'))).toEqual([]);
});

test('parts that come to more than the whole, beyond what meters may err, whatever of them is missing', async () => {
  await world.has({ id: 'within', ...KNOWN }, { id: 'beyond', ...KNOWN });
  await world.has(
    { id: 'near', level: 2, parent: 'within', ...KNOWN } as object,
    { id: 'left', level: 2, parent: 'beyond', ...KNOWN } as object,
    { id: 'right', level: 2, parent: 'beyond', ...KNOWN } as object,
    { id: 'silent', level: 2, parent: 'beyond', ...KNOWN } as object,
  );
  const flat = (each: number): number[] => Array.from({ length: 24 }, () => each);
  await world.upload(
    day('within', flat(10)) +
      day('near', flat(10.52)) +
      day('beyond', flat(10)) +
      day('left', flat(10)) +
      day('right', [...flat(1).slice(1), null]),
  );
  await came('2026-03-01T20:00:00Z');
  await night();

  expect((await found()).filter(([, rule]) => rule === 'BALANCE')).toEqual([
    ['beyond', 'BALANCE', { total: '240', below: '263', meters: '2', tolerance: '5.2' }],
  ]);
});

test('without a certificate that holds a meter is not accurate', async () => {
  await world.has({ id: 'm1', ...KNOWN }, { id: 'm2', ...KNOWN });
  await world.rows(
    `insert into metering.device (id, meter, serial_number, multiplier, installed_at) values ('dev_1', 'm1', '1', 1, '2025-01-01')`,
  );
  await world.rows(`insert into metering.calibration (id, device, meter, kind, certificate_number, organ, calibrated_on, valid_until,
    is_computed, result) values ('cal_1', 'dev_1', 'm1', 'VERIFICATION', '1', 'organ', '2025-03-02', '2026-03-01', false, 'QUALIFIED')`);
  await night('2026-03-01');
  await night('2026-03-02');

  const sql = `select meter, date::text from metering.finding where rule = 'CALIBRATION' order by 2, 1`;
  expect(await world.rows(sql)).toEqual([
    { meter: 'm2', date: '2026-03-01' },
    { meter: 'm1', date: '2026-03-02' },
    { meter: 'm2', date: '2026-03-02' },
  ]);
});

test('days before the engine are judged by the night, without a new version of them', async () => {
  await world.has({ id: 'm1', ...KNOWN });
  await world.upload(day('m1', [-1, ...values(24).slice(1)]));
  await world.rows('update metering.day_block set quality = null');
  await world.rows('update metering.finding set superseded_at = now()');
  await night();

  expect(await rules()).toContain('m1 NEGATIVE');
  expect(await world.rows('select version from metering.day_block')).toEqual([{ version: 1 }]);
});

test('what is usual is learnt of the days before, once there are enough', async () => {
  await world.has({ id: 'm1', ...KNOWN });
  for (let date = 1; date <= 7; date++) {
    await world.upload(day('m1', values(24), `2026-03-0${date}`), { now: NOW });
    await night(`2026-03-0${date}`);
    expect(await world.rows('select per_hour::text, days from metering.usual_maximum')).toEqual(
      date < 7 ? [] : [{ per_hour: expect.stringMatching(/^1\.10*$/) as string, days: 7 }],
    );
  }
});
