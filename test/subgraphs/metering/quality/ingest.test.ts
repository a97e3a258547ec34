import { createReadStream, existsSync } from 'node:fs';
import { correctableDays } from '../../../../subgraphs/metering/corrections/repository.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

const STEEL = '../shared/data/steel-15min/Steel_industry_data.csv';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has(
    { id: 'm1' },
    { id: 'rated', rated_maximum_per_hour: '10.5' },
    { id: 'quarter', interval_minutes: 15 },
  );
});

/** 24 values that differ, with some set. */
const hours = (set: Record<number, number | string | null> = {}): (number | string | null)[] =>
  Array.from({ length: 24 }, (_, hour) => (hour in set ? set[hour]! : 1 + (hour % 7) / 10));
const day = (values: unknown[], meter = 'm1', date = '2026-03-01'): string =>
  `{"meter":"${meter}","date":"${date}","interval":${1440 / values.length},"values":${JSON.stringify(values).replaceAll('"', '')}}\n`;
const run = (from: number, length: number, value: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length }, (_, index) => [from + index, value]));

interface FindingRow {
  rule: string;
  first: number | null;
  last: number | null;
  evidence: Record<string, string>;
  version: number;
  over: boolean;
}

const findings = (): Promise<(FindingRow & Record<string, unknown>)[]> =>
  world.rows(
    `select rule, first_interval as first, last_interval as last, evidence, version, superseded_at is not null as over
     from metering.finding order by date, meter, version, rule`,
  );
const found = async (): Promise<unknown[]> =>
  (await findings()).filter(({ over }) => !over).map(({ rule, first, last }) => [rule, first, last]);
const marks = async (): Promise<(string | null)[]> =>
  (
    await world.rows<{ marks: string | null }>(
      `select encode(quality, 'hex') as marks from metering.day_block`,
    )
  ).map((row) => row.marks);

const STUCK_AT_12 = run(6, 12, 1.25);

test.each<[string, unknown[], unknown[], string]>([
  ['values below the limit', hours({ 2: -0.001, 5: -3 }), [['NEGATIVE', 2, 5]], '240000'],
  ['as many values alike as the bound', hours(STUCK_AT_12), [['STUCK', 6, 17]], 'c0ff03'],
  ['a whole day of zeros', hours(run(0, 24, 0)), [['ZERO_RUN', 0, 23]], 'ffffff'],
])('%s are found, stored all the same, and marked', async (_name, values, expected, bits) => {
  const outcome = await world.upload(day(values));

  expect(outcome).toMatchObject({ accepted: 1, quarantined: 0 });
  expect(await found()).toEqual(expected);
  expect(await marks()).toEqual([bits]);
});

test.each<[string, unknown[]]>([
  ['zero', hours({ 2: 0 })],
  ['one value fewer alike than the bound', hours(run(6, 11, 1.25))],
  ['alike on both sides of a gap', hours({ ...run(6, 12, 1.25), 12: null })],
  ['zeros for an hour less than a day', hours(run(0, 23, 0))],
  ['nothing at all', hours(run(0, 24, 0)).map(() => null)],
])('%s is no finding, and the day is known to be judged', async (_name, values) => {
  await world.upload(day(values));

  expect(await found()).toEqual([]);
  expect(await marks()).toEqual(['']);
});

test('a value may reach what can pass in the interval, and not lie beyond it by the last place', async () => {
  await world.upload(
    day(hours({ 3: 10.5 }), 'rated') + day(hours({ 3: '10.500001' }), 'rated', '2026-03-02'),
  );

  expect(await findings()).toMatchObject([
    {
      rule: 'OVER_PHYSICAL_LIMIT',
      first: 3,
      last: 3,
      evidence: { value: '10.500001', bound: '10.5', count: '1' },
    },
  ]);
});

test('a jump is beyond so many times the usual; without a usual maximum nobody knows one', async () => {
  await world.upload(day(hours({ 3: 500 }), 'm1', '2026-02-01'));
  await world.rows(`insert into metering.usual_maximum values ('m1', 2.1, 30, '2026-02-28')`);
  await world.upload(day(hours({ 3: 10.5 })) + day(hours({ 3: 10.51 }), 'm1', '2026-03-02'));

  expect(await findings()).toMatchObject([
    { rule: 'JUMP', first: 3, evidence: { value: '10.51', bound: '10.5' } },
  ]);
});

describe('the hour of daylight saving', () => {
  const offsets = '2025-03-30';
  beforeEach(() => world.has({ id: 'berlin', time_zone: 'Europe/Berlin' }));

  test('that a clock skipped has no value; that it went through twice has one for both', async () => {
    await world.upload(day(hours(), 'berlin', offsets) + day(hours(), 'berlin', '2025-10-26'));

    expect(await found()).toEqual([
      ['DST_GAP', 2, 2],
      ['DST_DUPLICATE', 2, 2],
    ]);
  });

  test('left out is no finding; nor is the same day where clocks stand still', async () => {
    await world.upload(day(hours({ 2: null }), 'berlin', offsets) + day(hours(), 'm1', offsets));

    expect(await found()).toEqual([]);
  });
});

test('a time beside the grid within the tolerance is of the nearest interval; one second more is refused', async () => {
  const line = (time: string): string => `{"meter":"quarter","time":"2026-03-01T${time}","value":1}\n`;
  const outcome = await world.upload(
    line('00:15:00') + line('00:31:00') + line('00:44:30') + line('01:01:01'),
  );

  expect(outcome).toMatchObject({ accepted: 3, quarantined: 1, reasons: { WRONG_INTERVAL_COUNT: 1 } });
  expect(await findings()).toMatchObject([
    { rule: 'CLOCK_DRIFT', first: 2, last: 3, evidence: { seconds: '60', count: '2' } },
  ]);
});

test('a line may say which of its values bore the wrong date: they are marked', async () => {
  await world.upload(day(hours()).replace(']}', '],"misdated":[23]}'));

  expect(await findings()).toMatchObject([
    {
      rule: 'MISDATED_MIDNIGHT',
      first: 23,
      last: 23,
      evidence: { until: '24:00', values: '1.2', count: '1' },
    },
  ]);
  expect(await marks()).toEqual(['000080']);
});

test('a day that came after its deadline is late; its correction and what was never due are not', async () => {
  await world.has({ id: 'old', registered_at: '2026-01-01T00:00:00Z' });
  await world.upload(
    day(hours(), 'm1', '2026-03-01') + day(hours(), 'old', '2026-03-08') + day(hours(), 'old', '2026-03-09'),
  );
  expect(await findings()).toMatchObject([{ rule: 'LATE', first: null, evidence: { hours: '36' } }]);

  await world.upload(day(hours({ 1: 2 }), 'old', '2026-03-08'));
  expect(await findings()).toMatchObject([{ rule: 'LATE', version: 1, over: false }]);
});

test('a register that went past its last digit is noted; what it used is stored', async () => {
  await world.has({ id: 'counter', kind: 'REGISTER', register_digits: 5 });
  const registers = Array.from({ length: 24 }, (_, hour) => (99_990 + (hour * (hour + 1)) / 2) % 100_000);
  await world.upload(day(registers, 'counter'));

  expect(await findings()).toMatchObject([
    { rule: 'ROLLOVER', first: 4, last: 4, evidence: { until: '05:00', values: '4', count: '1' } },
  ]);
});

describe('a day that is written anew', () => {
  test('is judged anew, and what held of it before does not any more', async () => {
    await world.upload(day(hours({ 2: -1 })));
    await world.upload(day(hours(STUCK_AT_12)));

    expect(await findings()).toMatchObject([
      { rule: 'NEGATIVE', version: 1, over: true },
      { rule: 'STUCK', version: 2, over: false },
    ]);
  });

  test('the same again, or as single readings, adds none', async () => {
    await world.upload(day(hours({ 2: -1 })));
    await world.upload(day(hours({ 2: -1 })));
    await world.upload('{"meter":"m1","time":"2026-03-01T02:00","value":-1}\n');

    expect(await findings()).toMatchObject([{ rule: 'NEGATIVE', version: 1, over: false }]);
  });

  test('by a correction is judged in the same transaction', async () => {
    await world.upload(day(hours({ 2: -1 })));
    const reach = { areas: ['310101'], subjects: [] };
    const approver = world.session('approver', { 'corrections:approve': reach, 'readings:read': reach });
    await correctableDays.apply(approver, {
      correction: 'cor_1',
      proposedBy: 'district',
      target: { kind: 'METER_DAY', record: 'm1', date: '2026-03-01' },
      after: { interval: 60, values: hours(STUCK_AT_12).map((value) => String(value)) },
      version: 1,
    } as never);

    expect(await findings()).toMatchObject([
      { rule: 'NEGATIVE', over: true },
      { rule: 'STUCK', version: 2, over: false },
    ]);
    expect(await marks()).toEqual(['c0ff03']);
  });
});

const steel = existsSync(STEEL) ? test : test.skip;
steel(
  'every midnight row of the steel works bears the day it closes: found, and put where it belongs',
  async () => {
    await world.has({ id: 'steel', interval_minutes: 15 });
    await world.upload(createReadStream(STEEL), {
      contentType: 'text/csv; layout=wide; dates=dmy; stamps=end; unlisted=skip',
      meters: 'Usage_kWh=steel',
    });

    const [row] = await world.rows<{ days: number; places: number[] }>(
      `select count(*)::integer as days, array_agg(distinct first_interval) as places from metering.finding
     where rule = 'MISDATED_MIDNIGHT'`,
    );
    expect(row).toEqual({ days: 365, places: [95] });
  },
);
