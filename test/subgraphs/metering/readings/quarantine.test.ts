import { Readable } from 'node:stream';
import { quarantinedLines, type RejectedLine } from '../../../../subgraphs/metering/readings/quarantine.js';
import { QUARANTINE_REASONS } from '../../../../subgraphs/metering/readings/reasons.js';
import { ReadingsWorld, testServer } from './readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1' }, { id: 'quarter', interval_minutes: 15 }, { id: 'foreign', area: '310104' });
  await world.has(
    { id: 'kiritimati', time_zone: 'Pacific/Kiritimati' },
    { id: 'honolulu', time_zone: 'Pacific/Honolulu' },
  );
});

const hours = (value: unknown = 1): string => JSON.stringify(Array.from({ length: 24 }, () => value));
const moved = (places: string): string => day('m1', '2026-03-01').replace(/\}$/, `,"misdated":${places}}`);
const day = (meter: string, date: string, values = hours(), interval = '60'): string =>
  `{"meter":"${meter}","date":"${date}","interval":${interval},"values":${values}}`;

async function rejected(batch: string): Promise<RejectedLine[]> {
  const text = (await quarantinedLines(world.district, batch).toArray()).join('');
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as RejectedLine] : []));
}

const REFUSED: [line: string, reason: keyof typeof QUARANTINE_REASONS, detail: RegExp][] = [
  ['not json at all', 'MALFORMED_LINE', /not JSON/],
  ['{"meter":"m1"', 'MALFORMED_LINE', /not JSON/],
  ['[1,2]', 'MALFORMED_LINE', /not a JSON object/],
  ['7', 'MALFORMED_LINE', /not a JSON object/],
  ['{"meter":1,"time":"2026-03-01T00:00","value":1}', 'MALFORMED_LINE', /"meter" must be a text/],
  ['{"meter":"m1","date":"2026-03-01","values":[1]}', 'MALFORMED_LINE', /date, meter, values/],
  ['{"meter":"m1","time":"2026-03-01T00:00","value":1,"unit":"MWh"}', 'MALFORMED_LINE', /unit/],
  ['{"meter":"m1","time":"2026-03-01T00:00","value":1,"value":2}', 'MALFORMED_LINE', /twice/],
  [moved('[]'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  [moved('[24]'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  [moved('[1,1]'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  [moved('["1"]'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  [moved('[0.5]'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  [moved('1'), 'MALFORMED_LINE', /"misdated" must be an array of places/],
  ['{"meter":"m1","date":"2026-03-01","interval":60,"values":{}}', 'MALFORMED_LINE', /must be an array/],
  [day('nobody', '2026-03-01'), 'UNKNOWN_METER', /nobody/],
  [day('no such\\u0000id', '2026-03-01'), 'UNKNOWN_METER', /cannot be the id/],
  [day('foreign', '2026-03-01'), 'FOREIGN_METER', /outside your reach/],
  [day('m1', '2026-03-01', hours('1,5')), 'BAD_NUMBER', /values\[0\].*not a decimal/],
  [day('m1', '2026-03-01', hours(true)), 'BAD_NUMBER', /not a decimal/],
  [day('m1', '2026-03-01', hours(0.1234567)), 'BAD_NUMBER', /more than 6 decimals/],
  [day('m1', '2026-03-01', hours(1e-7)), 'BAD_NUMBER', /more than 6 decimals/],
  [day('m1', '2026-03-01', hours('9000000000000001')), 'BAD_NUMBER', /too large/],
  [day('m1', '2026-03-01', hours('1e999999')), 'BAD_NUMBER', /too large/],
  [
    day('m1', '2026-03-01', hours().replace('1', '9e15').replace(/1]/, '0.1]')),
    'BAD_NUMBER',
    /beside each other/,
  ],
  [day('m1', '2026-03-01', hours().replace('1', 'NaN')), 'BAD_NUMBER', /NaN/],
  [day('m1', '2026-03-01', hours().replace('1', '-Infinity')), 'BAD_NUMBER', /-Infinity/],
  ['{"meter":"m1","time":"2026-03-01T01:00","frame":"6811020304050668"}', 'UNPARSED', /"6811020304050668"/],
  ['{"meter":"m1","time":"2026-03-01T01:07","frame":"68"}', 'UNPARSED', /parse it/],
  ['{"meter":"m1","time":"yesterday","frame":"68"}', 'UNPARSED', /parse it/],
  ['{"meter":"m1","time":"2026-03-01T01:00","frame":68}', 'MALFORMED_LINE', /"frame" must be a text/],
  ['{"meter":"m1","time":1,"frame":"68"}', 'MALFORMED_LINE', /"time" must be a text/],
  [day('m1', '2026-02-29'), 'BAD_DATE', /2026-02-29/],
  [day('m1', '2026-3-1'), 'BAD_DATE', /2026-3-1/],
  [day('m1', '1999-12-31'), 'BAD_DATE', /between 2000/],
  ['{"meter":"m1","time":"2026-03-01T24:00","value":1}', 'BAD_DATE', /24:00/],
  ['{"meter":"m1","time":"2026-03-01T00:00+25:00","value":1}', 'BAD_DATE', /25:00/],
  ['{"meter":"m1","time":"2000-01-01T00:00+14:00","value":1}', 'BAD_DATE', /before 2000/],
  [day('m1', '2026-03-11'), 'FUTURE_DAY', /2026-03-10, today/],
  [day('honolulu', '2026-03-10'), 'FUTURE_DAY', /2026-03-09, today/],
  ['{"meter":"m1","time":"2026-03-10T23:00-01:00","value":1}', 'FUTURE_DAY', /2026-03-11/],
  [day('m1', '2026-03-01', hours(), '7'), 'WRONG_INTERVAL_COUNT', /one of 1, 5/],
  [day('m1', '2026-03-01', hours(), '"60"'), 'WRONG_INTERVAL_COUNT', /one of 1, 5/],
  [day('m1', '2026-03-01', hours(), '15'), 'WRONG_INTERVAL_COUNT', /24 values; at 15 minutes a day has 96/],
  [day('m1', '2026-03-01', JSON.stringify(new Array(5000).fill(0))), 'WRONG_INTERVAL_COUNT', /5000 values/],
  ['{"meter":"quarter","time":"2026-03-01T00:10","value":1}', 'WRONG_INTERVAL_COUNT', /15-minute/],
  ['{"meter":"quarter","time":"2026-03-01T00:16:01","value":1}', 'WRONG_INTERVAL_COUNT', /15-minute/],
];

test.each(REFUSED.map(([line, reason, detail]) => ({ line, reason, detail })))(
  '$reason $detail',
  async ({ line, reason, detail }) => {
    const batch = 'b1';

    const outcome = await world.upload(`${line}\n${day('m1', '2026-03-02')}\n`, {
      batch,
      contentType: 'application/x-ndjson',
    });

    expect(outcome).toMatchObject({ lines: 2, accepted: 1, quarantined: 1, reasons: { [reason]: 1 } });
    expect(await rejected(batch)).toEqual([
      {
        line: 1,
        part: 0,
        reason,
        detail: expect.stringMatching(detail) as string,
        content: line,
        encoding: 'utf8',
      },
    ]);
  },
);

test('a meter registered in a time zone that does not exist has no days', async () => {
  await world.has({ id: 'nowhere', time_zone: 'Asia/Atlantis' });
  const outcome = await world.upload(`${day('nowhere', '2026-03-01')}\n${day('m1', '2026-03-01')}`);
  expect(outcome).toMatchObject({ accepted: 1, reasons: { BAD_DATE: 1 } });
});

test('each reason of the closed list has a case here', () => {
  const elsewhere = [
    'DUPLICATE_LINE',
    'OVERSIZE_LINE',
    'INVALID_UTF8',
    'REGISTER_CONTRADICTION',
    'DIFFERENCE',
  ];
  const ofSuppliers = ['UNKNOWN_ITEM', 'UNKNOWN_UNIT', 'BAD_PERIOD', 'FOREIGN_AREA']; // suppliers/upload.test.ts
  const covered = new Set([...REFUSED.map(([, reason]) => reason), ...elsewhere, ...ofSuppliers]);
  expect([...covered].toSorted()).toEqual(Object.keys(QUARANTINE_REASONS).toSorted());
});

test('today is accepted where the meter is, though it is tomorrow elsewhere', async () => {
  const outcome = await world.upload(
    `${day('m1', '2026-03-10')}\n${day('kiritimati', '2026-03-10')}\n${day('honolulu', '2026-03-09')}`,
  );
  expect(outcome).toMatchObject({ accepted: 3, quarantined: 0 });
});

test('a day or time given twice is refused the second time, in whatever form it comes', async () => {
  const lines = [
    day('m1', '2026-03-01'),
    day('m1', '2026-03-01', hours(2)),
    '{"meter":"m1","time":"2026-03-01T05:00","value":9}',
    '{"meter":"m1","time":"2026-03-02T05:00","value":1}',
    '{"meter":"m1","time":"2026-03-01T21:00Z","value":1}',
    day('m1', '2026-03-02'),
    '{"meter":"m1","time":"2026-03-02T06:00","value":1}',
  ];

  const outcome = await world.upload(lines.join('\n'), { batch: 'twice' });

  expect(outcome).toMatchObject({ lines: 7, accepted: 3, reasons: { DUPLICATE_LINE: 4 } });
  expect((await rejected('twice')).map(({ line }) => line)).toEqual([2, 3, 5, 6]);
});

test('a refused line does not count as the first of its day', async () => {
  const outcome = await world.upload(`${day('m1', '2026-03-01', hours('x'))}\n${day('m1', '2026-03-01')}`);
  expect(outcome).toMatchObject({ accepted: 1, reasons: { BAD_NUMBER: 1 } });
});

test('lines that are no UTF-8 are kept byte for byte', async () => {
  const bad = Buffer.concat([
    Buffer.from('{"meter":"m'),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from('"}\r'),
  ]);

  const outcome = await world.upload(Buffer.concat([bad, Buffer.from(`\n${day('m1', '2026-03-01')}`)]), {
    batch: 'bytes',
    contentType: 'application/x-ndjson',
  });

  expect(outcome).toMatchObject({ accepted: 1, reasons: { INVALID_UTF8: 1 } });
  const [line] = await rejected('bytes');
  expect(Buffer.from(line!.content, line!.encoding)).toEqual(bad);
});

test.each([65_537, 131_072, 200_000])('a line of %i bytes is kept whole in parts', async (length) => {
  const long = Buffer.alloc(length, 'abcdefghijk');
  const body = Buffer.concat([long, Buffer.from(`\n${day('m1', '2026-03-01')}\n`), long]);

  const outcome = await world.upload(Readable.from(cut(body, 10_007)), {
    batch: 'long',
    contentType: 'text/plain',
  });

  expect(outcome).toMatchObject({ lines: 3, accepted: 1, quarantined: 2, reasons: { OVERSIZE_LINE: 2 } });
  const parts = await rejected('long');
  for (const number of [1, 3]) {
    const content = parts
      .filter(({ line }) => line === number)
      .map((part) => Buffer.from(part.content, part.encoding));
    expect(Buffer.concat(content).equals(long)).toBe(true);
  }
});

test('the longest line that is allowed is read', async () => {
  const line = day('m1', '2026-03-01');
  const outcome = await world.upload(line.padEnd(65_536));
  expect(outcome).toMatchObject({ lines: 1, accepted: 1 });
});

test('blank lines are no lines, but they count for line numbers', async () => {
  const outcome = await world.upload(`\n  \r\n${day('m1', '2026-03-01')}\r\n\nrubbish\n\n`, {
    batch: 'blank',
  });
  expect(outcome).toMatchObject({ lines: 2, accepted: 1, quarantined: 1 });
  expect((await rejected('blank')).map(({ line }) => line)).toEqual([5]);
});

test('nobody else sees the rejected lines, and their own tenant sees them without any reach', async () => {
  await world.upload('{}', { batch: 'private' });
  const nowhere = { areas: [], subjects: [] };
  const read = async (tenant: string): Promise<number> =>
    (await quarantinedLines(world.session(tenant, { 'batches:read': nowhere }), 'private').toArray()).length;

  expect(await read('neighbour')).toBe(0);
  expect(await read('district')).toBe(1);
});

test('a batch repeated with other content is refused rather than half kept', async () => {
  await world.upload('rubbish', { batch: 'same', contentType: 'application/x-ndjson' });
  await expect(
    world.upload('rubbish', { batch: 'same', contentType: 'application/x-ndjson' }),
  ).resolves.toMatchObject({ quarantined: 1 });
  await expect(
    world.upload('other rubbish', { batch: 'same', contentType: 'application/x-ndjson' }),
  ).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
});

function* cut(body: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < body.length; start += size) yield body.subarray(start, start + size);
}
