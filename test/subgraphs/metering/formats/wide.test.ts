import fc from 'fast-check';
import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

const STEEL = '../shared/data/steel-15min/Steel_industry_data.csv';
const BDG2 = '../shared/data/bdg2/electricity_hourly_Moose.csv.gz';
const realData = (path: string): typeof test => {
  if (existsSync(path)) return test;
  process.stderr.write(`skipped: there is no real data at ${path}\n`);
  return test.skip as typeof test;
};

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1' }, { id: 'm2' });
});

const contentType = 'text/csv; layout=wide';

const quarantined = async (): Promise<[reason: string, detail: string, content: string][]> => {
  const rows = await world.rows<{ reason: string; detail: string; content: Buffer }>(
    'select reason, detail, content from metering.quarantined_line order by line, part',
  );
  return rows.map(({ reason, detail, content }) => [reason, detail, content.toString()]);
};

const blocks = (): Promise<object[]> =>
  world.rows(
    `select date::text, meter, array_to_string(values[1:4], ',', '-') as first, scale, present
     from metering.day_block order by 1, 2`,
  );

test.each<[string, string, RegExp]>([
  ['a header that gives a column twice', 'time,m1,"m1"\n', /column "m1" twice/],
  ['a header of nothing but the time', 'time\n', /no columns of meters/],
  ['a header that is no CSV', 'time,"m1\n', /not one of UTF-8 text/],
  ['a header beyond the bound', `time,${'m'.repeat(1_100_000)}\n`, /longer than 1048576 bytes/],
])('%s ends the upload', async (_name, body, message) => {
  const outcome = await world.upload(`${body}2026-03-01 00:00,1,2\n`, { contentType });

  expect(outcome).toMatchObject({ lines: 0, interrupted: expect.stringMatching(message) as string });
});

test.each([
  ['layout=narrow', /layout="narrow"/],
  ['layout=wide; dates=dym', /dates="dym"/],
  ['layout=wide; time-zone=Nowhere/Else', /no time zone/],
  ['layout=wide; sheet=1', /no parameter sheet/],
])('what is said of it and not understood is refused: %s', async (parameters, message) => {
  const refused = world.upload('', { contentType: `text/csv; ${parameters}` });

  await expect(refused).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: expect.stringMatching(message) as string,
  });
});

test('a bad row is kept whole, a bad cell as the wide CSV of one reading that it is; the others are stored', async () => {
  const rows = [
    'time,m1,"m2",stranger',
    '2026-03-01 00:00,1.5,2,',
    '2026-03-01 01:00,x,3,4',
    '2026-03-01 25:00,1,1,1',
    '2026-03-01 02:00,1,1',
    '2026-03-01 02:00,"1,1,1',
    '2026-03-01 02:30,7,,',
    '2026-03-01 01:00,,"3.5",',
  ];

  const outcome = await world.upload(rows.join('\r\n'), { contentType });

  expect(outcome).toMatchObject({ lines: 10, accepted: 3, readings: 3, quarantined: 7 });
  expect(await blocks()).toMatchObject([
    { meter: 'm1', first: '15,-,-,-', scale: 1 },
    { meter: 'm2', first: '2,3,-,-', scale: 0 },
  ]);
  const kept = await quarantined();
  expect(kept.map(([reason, , content]) => [reason, content])).toEqual(
    expect.arrayContaining([
      ['BAD_NUMBER', 'time,m1\n2026-03-01 01:00,x\n'],
      ['UNKNOWN_METER', 'time,stranger\n2026-03-01 01:00,4\n'],
      ['BAD_DATE', '2026-03-01 25:00,1,1,1\r'],
      ['MALFORMED_LINE', '2026-03-01 02:00,1,1\r'],
      ['MALFORMED_LINE', '2026-03-01 02:00,"1,1,1\r'],
      ['WRONG_INTERVAL_COUNT', 'time,m1\n2026-03-01 02:30,7\n'],
      ['DUPLICATE_LINE', 'time,"m2"\n2026-03-01 01:00,"3.5"\n'],
    ]),
  );
  // What was refused can be mended and sent again as it is.
  const again = await world.upload('time,m1\n2026-03-01 01:00,9\n', { contentType });
  expect(again).toMatchObject({ accepted: 1 });
  expect((await blocks())[0]).toMatchObject({ first: '15,90,-,-' });
});

test('dates day first, stamps at the end, another clock, texts for missing, and columns by external id', async () => {
  await world.has({ id: 'm3', external_scheme: 'plant', external_value: '总表' });
  const type = `${contentType}; dates=dmy; stamps=end; time-zone=UTC; missing="n/a"; scheme=plant`;

  const outcome = await world.upload(
    '\uFEFFDatum,总表\n01/03/2026 01:00,1\n01/03/2026 02:00,n/a\n1.3.2026 3:00,2\n',
    {
      contentType: type,
    },
  );

  expect(outcome).toMatchObject({ lines: 2, accepted: 2 });
  const [row] = await world.rows<{ hours: string }>(
    `select date::text || ' ' || array_to_string(values[9:11], ',', '-') as hours from metering.day_block`,
  );
  expect(row).toEqual({ hours: '2026-03-01 1,-,2' });
});

test('however the bytes are cut, the same readings are stored', async () => {
  const hours = Array.from(
    { length: 24 },
    (_, hour) => `2026-03-01T${String(hour).padStart(2, '0')}:00,${hour},"1"\n`,
  );
  const body = Buffer.from(`time,m1,m2\n${hours.join('')}`);
  await world.upload(body, { contentType });

  const cuts = fc.array(fc.nat(body.length), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const ends = [...places, body.length].toSorted((a, b) => a - b);
      const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
      const outcome = await world.upload(Readable.from(pieces), { contentType });
      expect(outcome).toMatchObject({ lines: 48, unchanged: 48 });
    }),
    { numRuns: 15 },
  );
});

realData(STEEL)(
  'the steel works: a mark, days first, ends of quarter-hours; one column is the meter’s',
  async () => {
    await world.has({ id: 'steel', interval_minutes: 15 });

    const outcome = await world.upload(createReadStream(STEEL), {
      contentType: `${contentType}; dates=dmy; stamps=end; unlisted=skip`,
      meters: 'Usage_kWh=steel',
    });

    expect(outcome).toMatchObject({ lines: 35_040, accepted: 35_040, days: ['2018-01-01', '2018-12-31'] });
  },
);

realData(BDG2)('a site of BDG2, compressed, every building by its external id', async () => {
  await world.has({ id: 'b1', external_scheme: 'bdg2', external_value: 'Moose_education_Florence' });

  const outcome = await world.upload(createReadStream(BDG2), { contentType: `${contentType}; scheme=bdg2` });

  expect(outcome.lines).toBe(outcome.accepted + outcome.quarantined);
  expect(outcome).toMatchObject({ days: ['2016-01-01', '2017-12-31'] });
});
