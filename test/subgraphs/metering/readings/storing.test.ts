import { type Block, blocksOf, hourly, line, reading } from './day-blocks.js';
import { ReadingsWorld, testServer } from './readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has(
    { id: 'm1' },
    { id: 'm2' },
    { id: 'day', interval_minutes: 1440 },
    { id: 'minute', interval_minutes: 1 },
  );
});

const blocks = (table?: string): Promise<Block[]> => blocksOf(world, table);

test('the same day again changes nothing, however its numbers are written', async () => {
  await world.upload(line('m1', '2026-03-01', hourly(1.5, 20)));
  const before = await blocks();

  const outcome = await world.upload(line('m1', '2026-03-01', hourly('1.50', '2.0e1')));

  expect(outcome).toMatchObject({ lines: 1, accepted: 0, unchanged: 1, corrected: 0, readings: 24 });
  expect(await blocks()).toEqual(before);
  expect(await blocks('day_block_superseded')).toEqual([]);
});

test('a correction is a new version and the old one stays readable', async () => {
  await world.upload(line('m1', '2026-03-01', hourly(1)));

  const outcome = await world.upload(
    `${line('m1', '2026-03-01', hourly(2.5))}\n${line('m2', '2026-03-01', hourly(1))}`,
  );

  expect(outcome).toMatchObject({
    lines: 2,
    accepted: 1,
    unchanged: 0,
    corrected: 1,
    days: ['2026-03-01', '2026-03-01'],
  });
  expect(await blocks()).toMatchObject([{ meter: 'm1', version: 2, total: '25', scale: 1 }, { version: 1 }]);
  expect(await blocks('day_block_superseded')).toMatchObject([
    { meter: 'm1', version: 1, total: '1', scale: 0 },
  ]);
});

test.each([
  [[0.1, 0.2], 1, ['1', '2'], '3'],
  [['9000000000000000', '-9000000000000000'], 0, ['9000000000000000', '-9000000000000000'], '0'],
  [['9007199254.740991', '0.000001'], 6, ['9007199254740991', '1'], null],
  [['8999999999.999999', '0.000001'], 6, ['8999999999999999', '1'], '9000000000000000'],
  [['123456789012345.6', '1E1'], 1, ['1234567890123456', '100'], '1234567890123556'],
  [[-0, '-0.000'], 0, ['0', '0'], '0'],
  [[1.25e-3, '1200E-2'], 5, ['125', '1200000'], '1200125'],
  [[null, 5], 0, [null, '5'], '5'],
  [['00012.500', 4.35], 2, ['1250', '435'], '1685'],
])('%j is kept exactly', async (values, scale, stored, total) => {
  const outcome = await world.upload(
    line('m1', '2026-03-01', [...(values as unknown[]), ...new Array<null>(22).fill(null)]),
  );

  if (total === null) {
    expect(outcome.reasons).toEqual({ BAD_NUMBER: 1 });
    return;
  }
  expect(outcome).toMatchObject({ accepted: 1 });
  const [block] = await blocks();
  expect(block).toMatchObject({ scale, total, present: values.filter((value) => value !== null).length });
  expect(block!.values.slice(0, 2)).toEqual(stored);
});

test('a total beyond 2^53 is exact', async () => {
  await world.upload(line('m1', '2026-03-01', new Array<string>(24).fill('8999999999999999')));
  expect(await blocks()).toMatchObject([{ total: String(8_999_999_999_999_999n * 24n) }]);
});

test.each(['text/csv', undefined])('CSV of days is read (%s), quoted or not', async (contentType) => {
  const values = hourly('1.5', '').join(',');
  const body = `\uFEFFmeter,date,interval,${hourly('v').map((_, index) => `v${index + 1}`)}\r\nm1,2026-03-01,60,${values}\r\n"m2","2026-03-01","60",${values.replace('1.5', '"2.5"')}\r\n`;

  const outcome = await world.upload(body, { contentType });

  expect(outcome).toMatchObject({ lines: 2, accepted: 2, readings: 2, quarantined: 0 });
  expect(await blocks()).toMatchObject([
    { meter: 'm1', total: '15', present: 1 },
    { meter: 'm2', total: '25' },
  ]);
});

test('CSV of readings is read, and a broken line of it refused alone', async () => {
  const body =
    'meter,time,value\nm1,2026-03-01T00:00,1.5\nm1,2026-03-01T01:00:00+08:00,\nm1,2026-03-01T02:00\nm1,"2026-03-01T03:00,1\n';
  const outcome = await world.upload(body, { contentType: 'text/csv; charset=utf-8' });
  expect(outcome).toMatchObject({ lines: 4, accepted: 2, readings: 1, reasons: { MALFORMED_LINE: 2 } });
});

test('CSV under an unknown header is kept, header and all', async () => {
  const outcome = await world.upload('a,b\n1,2\n', { contentType: 'text/csv' });
  expect(outcome).toMatchObject({ lines: 2, quarantined: 2, reasons: { MALFORMED_LINE: 2 } });
});

test('readings of a day are gathered into its block at the start of their intervals', async () => {
  const lines = [
    reading('m1', '2026-03-01T05:00', 1.5),
    reading('m1', '2026-03-01 06:00:00.000+08:00', '2.25'),
    reading('m1', '2026-02-28T16:00Z', 3),
    reading('m1', '2026-03-01T23:00:00+0800', null),
  ];

  const outcome = await world.upload(lines.join('\n'));

  expect(outcome).toMatchObject({ lines: 4, accepted: 4, readings: 3 });
  const [block] = await blocks();
  expect(block).toMatchObject({ date: '2026-03-01', present: 3, scale: 2, total: '675', version: 1 });
  expect(block!.values.flatMap((value, hour) => (value === null ? [] : [[hour, value]]))).toEqual([
    [0, '300'],
    [5, '150'],
    [6, '225'],
  ]);
});

test('readings merge into a stored day: new, equal and different ones are told apart', async () => {
  await world.upload(line('m1', '2026-03-01', [1, 2.5, null, ...new Array<null>(21).fill(null)]));

  const outcome = await world.upload(
    [
      reading('m1', '2026-03-01T00:00', 7),
      reading('m1', '2026-03-01T01:00', 2.5),
      reading('m1', '2026-03-01T02:00', 0.125),
    ].join('\n'),
  );

  expect(outcome).toMatchObject({ lines: 3, accepted: 1, unchanged: 1, corrected: 1 });
  const [block] = await blocks();
  expect(block!.values.slice(0, 4)).toEqual(['7000', '2500', '125', null]);
  expect(await blocks('day_block_superseded')).toMatchObject([{ version: 1, scale: 1 }]);
  const again = await world.upload(reading('m1', '2026-03-01T02:00', 0.125));
  expect(again).toMatchObject({ unchanged: 1 });
  expect((await blocks())[0]).toMatchObject({ version: 2 });
});

test('readings do not merge into a day stored at another interval', async () => {
  await world.upload(line('m1', '2026-03-01', new Array<number>(96).fill(1)));
  const outcome = await world.upload(reading('m1', '2026-03-01T00:00', 7));
  expect(outcome).toMatchObject({ accepted: 0, reasons: { WRONG_INTERVAL_COUNT: 1 } });
  expect(await blocks()).toMatchObject([{ version: 1 }]);
});

test('a reading that no scale holds beside its day is a bad number, the others stay', async () => {
  await world.upload(reading('m1', '2026-03-01T00:00', '9000000000000000'));
  expect(await blocks()).toMatchObject([{ total: '9000000000000000' }]);
  const outcome = await world.upload(
    [reading('m1', '2026-03-01T01:00', 0.5), reading('m1', '2026-03-01T02:00', 5)].join('\n'),
  );
  expect(outcome).toMatchObject({ accepted: 1, reasons: { BAD_NUMBER: 1 } });
});

test('uploads of the same days at once lose nothing of each other', async () => {
  const dates = Array.from({ length: 28 }, (_, day) => `2026-02-${String(day + 1).padStart(2, '0')}`);
  const hours = (part: number): string[] =>
    dates.flatMap((date) =>
      [0, 8, 16].map((hour) =>
        reading('m1', `${date}T${String(hour + part).padStart(2, '0')}:00`, hour + part + 1),
      ),
    );

  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, part) => world.upload(hours(part).join('\n'))),
  );

  expect(outcomes.map(({ accepted }) => accepted)).toEqual(new Array(8).fill(84));
  const sums = await world.rows('select distinct total, present, version from metering.day_block');
  expect(sums).toEqual([{ total: '300', present: 24, version: 8 }]);
});

test('readings in order of time over many meters and days become one version a day', async () => {
  await world.has(...Array.from({ length: 40 }, (_, index) => ({ id: `q${index}`, interval_minutes: 15 })));
  const lines: string[] = [];
  for (let slot = 0; slot < 3 * 96; slot++) {
    const time = new Date(Date.UTC(2026, 1, 1) + slot * 900_000).toISOString();
    for (let meter = 0; meter < 40; meter++) lines.push(reading(`q${meter}`, time, slot / 4));
  }

  const outcome = await world.upload(lines.join('\n'));

  expect(outcome).toMatchObject({
    lines: 11_520,
    accepted: 11_520,
    quarantined: 0,
    days: ['2026-02-01', '2026-02-04'],
  });
  const [counts] = await world.rows(
    'select count(*)::int as days, max(version) as version, sum(present)::int as present from metering.day_block',
  );
  expect(counts).toEqual({ days: 160, version: 1, present: 11_520 });
});

test('days of other intervals than the meter’s own are stored as they come', async () => {
  const outcome = await world.upload(
    [line('day', '2026-03-01', [42]), line('minute', '2026-03-01', new Array<number>(1440).fill(0.1))].join(
      '\n',
    ),
  );
  expect(outcome).toMatchObject({ accepted: 2, readings: 1441 });
  expect(await blocks()).toMatchObject([
    { meter: 'day', total: '42' },
    { meter: 'minute', total: '1440', scale: 1 },
  ]);
});

test('a day of summer time is 24 hours of the meter’s own clock, and the hour that comes twice is kept aside', async () => {
  await world.has({ id: 'pacific', time_zone: 'America/Los_Angeles' });
  const outcome = await world.upload(
    [
      reading('pacific', '2025-11-02T08:00Z', 1),
      reading('pacific', '2025-11-02T09:00Z', 2),
      reading('pacific', '2025-11-02T10:00Z', 3),
    ].join('\n'),
  );
  expect(outcome).toMatchObject({ accepted: 2, reasons: { DUPLICATE_LINE: 1 } });
  expect((await blocks())[0]!.values.slice(0, 4)).toEqual([null, '1', '3', null]);
});

test('two uploads that correct the same days in opposite order both come through', async () => {
  const dates = Array.from({ length: 1_500 }, (_, day) =>
    new Date(Date.UTC(2021, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const days = (value: number): string[] => dates.map((date) => line('day', date, [value]));
  await world.upload(days(0).join('\n'));

  const outcomes = await Promise.all([
    world.upload(days(1).join('\n')),
    world.upload(days(2).toReversed().join('\n')),
    world.upload(days(3).join('\n')),
  ]);

  expect(outcomes.map(({ corrected }) => corrected)).toEqual([1_500, 1_500, 1_500]);
  const [state] = await world.rows(
    'select min(version) as least, max(version) as most from metering.day_block',
  );
  expect(state).toEqual({ least: 4, most: 4 });
});
