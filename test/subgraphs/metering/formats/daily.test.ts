import { ReadingsWorld, testServer } from '../readings/readings-world.js';
import { daily, energyXml, hour, type Hour, zip } from './zips.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'gate', building: '310101A001' });
});

const contentType = 'application/zip';
const NAME = '31010120260302';
const ENERGY = energyXml([hour({ start: '2026-03-02 00:00:00' })]);
const upload = (bytes: Buffer, now?: string) =>
  world.upload(bytes, { contentType, ...(now && { now: new Date(now) }) });

const quarantined = (): Promise<{ reason: string; detail: string; content: Buffer }[]> =>
  world.rows('select reason, detail, content from metering.quarantined_line order by line');

test.each<[string, Buffer, RegExp]>([
  ['no zip', Buffer.from('not a zip at all, but long enough to have a directory'), /cannot be read/],
  ['a zip cut off', daily(NAME).subarray(0, -30), /cannot be read/],
  ['a name that climbs', zip({ name: `../${NAME}Energy.xml`, content: ENERGY }), /invalid relative path/],
  ['an absolute name', zip({ name: `/${NAME}Energy.xml`, content: ENERGY }), /absolute path/],
  ['a name with backslashes', zip({ name: `..\\${NAME}Energy.xml`, content: ENERGY }), /invalid characters/],
  [
    'a file that does not belong',
    zip({ name: 'readme.txt', content: 'x' }),
    /"readme.txt", which does not belong/,
  ],
  [
    'many entries',
    zip(...Array.from({ length: 3 }, () => ({ name: 'a', content: 'x' }))),
    /3 entries; there may be 2/,
  ],
  [
    'one twice',
    zip({ name: `${NAME}Energy.xml`, content: ENERGY }, { name: `${NAME}Energy.xml`, content: ENERGY }),
    /Energy.xml twice/,
  ],
  ['no energy', zip({ name: `${NAME}Build.xml`, content: '<root/>' }), /no Energy.xml/],
  [
    'two names',
    zip(
      { name: `${NAME}Energy.xml`, content: ENERGY },
      { name: '31010120260303Build.xml', content: '<root/>' },
    ),
    /two names/,
  ],
  ['no day', zip({ name: '31010120260231Energy.xml', content: ENERGY }), /2026-02-31, which is no day/],
  [
    'a bomb',
    zip({ name: `${NAME}Energy.xml`, content: Buffer.alloc(40_000_000, 32) }),
    /expands more than 400 times/,
  ],
  [
    'a bomb that lies about its size',
    zip({ name: `${NAME}Energy.xml`, content: Buffer.alloc(40_000_000, 32), claims: { size: 100 } }),
    /too many bytes/,
  ],
  [
    'more than the bound',
    zip({ name: `${NAME}Energy.xml`, content: ENERGY, claims: { size: 600_000_000 } }),
    /more than 536870912 bytes/,
  ],
  [
    'another checksum',
    zip({ name: `${NAME}Energy.xml`, content: ENERGY, claims: { checksum: 7 } }),
    /checksum is another/,
  ],
  [
    'an encrypted one',
    zip({ name: `${NAME}Energy.xml`, content: ENERGY, claims: { flags: 1 } }),
    /encrypted/,
  ],
  [
    'an entity bomb in it',
    zip({ name: `${NAME}Energy.xml`, content: `<!DOCTYPE r [<!ENTITY a "b">]>${ENERGY}` }),
    /well-formed|document type/,
  ],
])('%s is refused by name of the bound, and nothing of it is stored', async (_name, bytes, message) => {
  const outcome = await upload(bytes);

  expect(outcome).toMatchObject({
    lines: 0,
    accepted: 0,
    interrupted: expect.stringMatching(message) as string,
  });
  expect(outcome.remedy).toBeTruthy();
});

test.each<[string, Hour, string, RegExp]>([
  [
    'an item that the building has no meter of',
    { start: '2026-03-02 00:00:00', item: '02000' },
    'UNKNOWN_METER',
    /"310101A001:02000"/,
  ],
  [
    'an hour that is none',
    { start: '2026-03-02 00:00:00', end: '2026-03-02 00:30:00' },
    'WRONG_INTERVAL_COUNT',
    /not an hour after/,
  ],
  [
    'a time that is none',
    { start: '2026-03-02 24:00:00', end: '2026-03-03 01:00:00' },
    'BAD_DATE',
    /StartHour/,
  ],
  ['a value that is none', { start: '2026-03-02 00:00:00', value: '-' }, 'BAD_NUMBER', /HourValue/],
  ['a state that is not good', { start: '2026-03-02 00:00:00', state: '0' }, 'BAD_NUMBER', /State "0"/],
])('%s is quarantined as it stood in the file', async (_name, bad, reason, detail) => {
  const text = hour(bad);

  const outcome = await upload(daily(NAME, [text]));

  expect(outcome).toMatchObject({ lines: 1, quarantined: 1 });
  const [kept] = await quarantined();
  expect(kept).toMatchObject({ reason, detail: expect.stringMatching(detail) as string });
  expect(kept?.content.toString()).toBe(text);
});

describe('a writer that formats with the week-year is named', () => {
  const misdated = /a year off 20\d\d-\d\d-\d\d: its writer formats with the week-year/;

  test.each([
    [
      'hours a year ahead in a file that is right',
      '31010120251230',
      '2026-12-30',
      '2025-12-31T08:00:00+08:00',
    ],
    ['a file that is a year ahead as a whole', '31010120261230', '2026-12-30', '2025-12-31T08:00:00+08:00'],
    ['a file a year behind, by the week of ISO', '31010120260101', '2026-01-01', '2027-01-02T08:00:00+08:00'],
  ])('%s', async (_name, name, date, now) => {
    const outcome = await upload(daily(name, [hour({ start: `${date} 05:00:00` })]), now);

    expect(outcome).toMatchObject({ lines: 1, accepted: 0, reasons: { BAD_DATE: 1 } });
    expect(await quarantined()).toMatchObject([{ detail: expect.stringMatching(misdated) as string }]);
  });

  test('a file of new year that is right is stored, and so is one that comes late', async () => {
    expect(await upload(daily('31010120251231'), '2026-01-01T08:00:00+08:00')).toMatchObject({
      accepted: 24,
    });
    expect(await upload(daily('31010120241230'), '2026-03-01T08:00:00+08:00')).toMatchObject({
      accepted: 24,
    });
  });
});

test('hours go to the building’s meter of the item: the highest, or the one with that external id; two are none', async () => {
  await world.has(
    { id: 'below', building: '310101A001', level: 2 },
    { id: 'light', building: '310101A001', energy_item: '01A00', level: 2 },
    { id: 'ours', external_scheme: 'building-item', external_value: '310101A001:01B00' },
    { id: 'cool', building: '310101A001', energy_item: '01B00', level: 2 },
    { id: 'power1', building: '310101A001', energy_item: '01C00', level: 2 },
    { id: 'power2', building: '310101A001', energy_item: '01C00', level: 2 },
  );
  const items = ['01000', '01A00', '01B00', '01C00'];
  const hours = items.map((item, at) =>
    hour({ item, start: '2026-03-02 00:00:00', value: `${at + 1}.1234`, equivalent: '' }),
  );

  const outcome = await upload(daily(NAME, hours));

  expect(outcome).toMatchObject({ lines: 4, accepted: 3, reasons: { UNKNOWN_METER: 1 } });
  expect(
    await world.rows('select meter, values[1]::int as value, scale from metering.day_block order by 1'),
  ).toEqual([
    { meter: 'gate', value: 11_234, scale: 4 },
    { meter: 'light', value: 21_234, scale: 4 },
    { meter: 'ours', value: 31_234, scale: 4 },
  ]);
  expect(await quarantined()).toMatchObject([
    { detail: expect.stringMatching(/^2 meters are "310101A001:01C00"/) as string },
  ]);
});

test('standard coal is compared, never trusted: hours that agree by no coefficient are reported once, and stored', async () => {
  const hours = ['1.2290', '4.0400', '9.9999', '8.0000', ''].map((equivalent, at) =>
    hour({ start: `2026-03-02 0${at}:00:00`, equivalent }),
  );

  const outcome = await upload(daily(NAME, hours));

  expect(outcome).toMatchObject({ lines: 6, accepted: 5, reasons: { DIFFERENCE: 1 } });
  const [reported] = await quarantined();
  expect(reported?.detail).toMatch(
    /^310101A001:01000: HourEquValue of 2 hours .* the first 9.9999 of 10.0000/,
  );
  expect(reported?.content.toString()).toBe(hours[2]);
});
