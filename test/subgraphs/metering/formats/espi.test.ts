import { Readable } from 'node:stream';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';
import { feed, HOURLY, reading, type Feed } from './espi-feed.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1', external_scheme: 'espi', external_value: 'RetailCustomer/7/UsagePoint/1' });
});

const contentType = 'application/atom+xml';
/** 2026-03-02T00:00+08:00 */
const MIDNIGHT = 1_772_380_800;
const day = (value: number | string = 250): Feed['readings'] =>
  Array.from({ length: 24 }, (_, hour) => [MIDNIGHT + hour * 3600, value]);

const quarantined = (): Promise<{ reason: string; detail: string; content: Buffer }[]> =>
  world.rows('select reason, detail, content from metering.quarantined_line order by line');

describe('refused with its reason, and kept byte for byte', () => {
  const one: Feed['readings'] = [[MIDNIGHT, 250]];
  test.each<[string, Partial<Feed>, string, RegExp]>([
    [
      'no meter has the usage point',
      { customer: '8', readings: one },
      'UNKNOWN_METER',
      /UsagePoint\/1.*by "espi"/,
    ],
    [
      'what flows back has no meter',
      { type: { ...HOURLY, flowDirection: 19 }, readings: one },
      'UNKNOWN_METER',
      /MeterReading\/1/,
    ],
    [
      'the values are momentary',
      { type: { ...HOURLY, accumulationBehaviour: 12 }, readings: one },
      'MALFORMED_LINE',
      /momentary/,
    ],
    ['the values are power', { type: { ...HOURLY, uom: 38 }, readings: one }, 'MALFORMED_LINE', /uom 38/],
    [
      'the values are a register’s',
      { type: { ...HOURLY, accumulationBehaviour: 3 }, readings: one },
      'WRONG_INTERVAL_COUNT',
      /register/,
    ],
    [
      'the unit cannot be converted',
      { type: { ...HOURLY, uom: 169 }, readings: one },
      'BAD_NUMBER',
      /therm cannot be made "kWh"/,
    ],
    ['the interval is another', { readings: [[MIDNIGHT, 1, 900]] }, 'WRONG_INTERVAL_COUNT', /900 seconds/],
    [
      'the hour does not begin there',
      { readings: [[MIDNIGHT + 900, 1]] },
      'WRONG_INTERVAL_COUNT',
      /no start/,
    ],
    ['the value is no number', { readings: [[MIDNIGHT, 'much']] }, 'BAD_NUMBER', /"much"/],
    [
      'the value is too fine',
      { type: { ...HOURLY, powerOfTenMultiplier: -5 }, readings: one },
      'BAD_NUMBER',
      /more than 6 decimals/,
    ],
    ['the time is before 2000', { readings: [[9, 1]] }, 'BAD_DATE', /2000/],
    ['the time is to come', { readings: [[MIDNIGHT + 864_000, 1]] }, 'FUTURE_DAY', /2026-03-12/],
  ])('%s', async (_name, described, reason, detail) => {
    const outcome = await world.upload(feed(described), { contentType });

    expect(outcome).toMatchObject({ lines: 1, accepted: 0, quarantined: 1, reasons: { [reason]: 1 } });
    const [kept] = await quarantined();
    expect(kept).toMatchObject({ reason, detail: expect.stringMatching(detail) as string });
    expect(kept?.content.toString()).toBe(reading(described.readings![0]!));
  });

  test('a reading given twice', async () => {
    const outcome = await world.upload(feed({ readings: [...one, [MIDNIGHT, 251]] }), { contentType });

    expect(outcome).toMatchObject({ accepted: 1, quarantined: 1, reasons: { DUPLICATE_LINE: 1 } });
  });

  test('an external id that two meters have', async () => {
    await world.has({ id: 'm2', external_scheme: 'espi', external_value: 'RetailCustomer/7/UsagePoint/1' });

    await world.upload(feed({ readings: one }), { contentType });

    expect(await quarantined()).toMatchObject([{ detail: expect.stringMatching(/^2 meters are/) as string }]);
  });

  test('an external id of a meter that lies outside the uploader’s reach', async () => {
    await world.admin.query(`update metering.meter set area = '310104'`);

    await world.upload(feed({ readings: one }), { contentType });

    expect(await quarantined()).toMatchObject([{ reason: 'UNKNOWN_METER' }]);
  });
});

test.each([
  ['application/atom+xml; zone=x', /has no parameter zone/],
  ['application/atom+xml; unit="a b"', /unit="a b" is not understood/],
  ['application/atom+xml; unit', /cannot be read/],
])('the content type %s is refused', async (type, message) => {
  const refused = world.upload(feed({}), { contentType: type });

  await expect(refused).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: expect.stringMatching(message) as string,
  });
});

test('a feed that breaks off or turns hostile ends there by name of the bound; what stood before it is stored', async () => {
  const good = feed({ readings: day() });
  const deep = good.replace('</feed>', `${'<x>'.repeat(30)}${'</x>'.repeat(30)}</feed>`);

  const outcome = await world.upload(Readable.from([Buffer.from(deep), Buffer.from('more')]), {
    contentType,
  });
  const cut = await world.upload(good.slice(0, -20), { contentType });
  const other = await world.upload('<html/>', { contentType });

  expect(outcome).toMatchObject({
    accepted: 24,
    interrupted: expect.stringMatching(/more than 24 elements inside/) as string,
  });
  expect(outcome.bytes).toBe(Buffer.byteLength(deep) + 4);
  expect(cut).toMatchObject({
    unchanged: 24,
    interrupted: expect.stringMatching(/not well-formed/) as string,
  });
  expect(other).toMatchObject({ lines: 0, interrupted: expect.stringMatching(/begins with html/) as string });
});

test.each([
  ['its reading type first', false],
  ['its reading type last', true],
])('a day is stored in the meter’s unit on the meter’s clock: %s', async (_name, isTypeLast) => {
  const outcome = await world.upload(feed({ readings: day(1_234), isTypeLast }), { contentType });

  expect(outcome).toMatchObject({
    lines: 24,
    accepted: 24,
    readings: 24,
    days: ['2026-03-02', '2026-03-02'],
  });
  const rows = await world.rows('select date::text, meter, scale, values::text from metering.day_block');
  expect(rows).toEqual([
    { date: '2026-03-02', meter: 'm1', scale: 3, values: `{${Array(24).fill('1234').join(',')}}` },
  ]);
});

test('a sender may say which meter a usage point or a meter reading is', async () => {
  await world.has({ id: 'back' });
  const back = feed({ type: { ...HOURLY, flowDirection: 19 }, customer: '8', readings: day() });
  const meters = new URLSearchParams({ 'RetailCustomer/8/UsagePoint/1/MeterReading/1': 'back' }).toString();

  expect(await world.upload(back, { contentType, meters })).toMatchObject({ accepted: 24 });
  expect(await world.rows('select distinct meter from metering.day_block')).toEqual([{ meter: 'back' }]);
  await expect(world.upload(back, { contentType, meters: 'a=&b=1' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

test('a day of 23 or 25 hours is a day where the clock is changed, and nowhere else', async () => {
  const point = { external_scheme: 'espi', interval_minutes: 1440, time_zone: 'America/New_York' };
  await world.has({ id: 'ny', ...point, external_value: 'RetailCustomer/5/UsagePoint/1' });
  const daily = { ...HOURLY, intervalLength: 86_400 };
  const readings: Feed['readings'] = [
    [1_762_056_000, 5_000, 90_000], // 2025-11-02, which has 25 hours
    [1_762_146_000, 6_000, 86_400],
    [1_762_232_400, 7_000, 90_000],
  ];

  const outcome = await world.upload(feed({ customer: '5', type: daily, readings }), { contentType });

  expect(outcome).toMatchObject({ accepted: 2, reasons: { WRONG_INTERVAL_COUNT: 1 } });
  const rows = await world.rows('select date::text, values::text from metering.day_block order by date');
  expect(rows).toEqual([
    { date: '2025-11-02', values: '{5}' },
    { date: '2025-11-03', values: '{6}' },
  ]);
});

test('what a register showed closes the interval before it, at a moment or after a period; amounts are none of it', async () => {
  const point = { external_scheme: 'espi', external_value: 'RetailCustomer/9/UsagePoint/1' };
  await world.has({ id: 'r', kind: 'REGISTER', register_digits: 6, ...point });
  const type = { ...HOURLY, accumulationBehaviour: 3, powerOfTenMultiplier: 3 };
  const readings: Feed['readings'] = [0, 1, 2].map((hour) => [MIDNIGHT + hour * 3600, 100 + hour * hour, 0]);
  readings.push([MIDNIGHT + 2 * 3600, 109, 3600]);

  const outcome = await world.upload(feed({ customer: '9', type, readings }), { contentType });
  const amounts = await world.upload(feed({ customer: '9', readings: day() }), { contentType });

  expect(outcome).toMatchObject({ lines: 4, accepted: 4, days: ['2026-03-01', '2026-03-02'] });
  const rows = await world.rows(
    `select date::text, array_to_string(values[1:3], ',', '-') as first from metering.day_block order by date`,
  );
  expect(rows).toEqual(expect.arrayContaining([{ date: '2026-03-02', first: '1,3,5' }]));
  expect(amounts).toMatchObject({ accepted: 0, reasons: { WRONG_INTERVAL_COUNT: 24 } });
});
