import { gzipSync, zstdCompressSync } from 'node:zlib';
import { refusalOf, refusals } from '../gateway/refusals.js';
import { openWorld, type World } from '../world/world.js';
import { day, meters, quarantine, upload } from './sample.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
}, 120_000);
afterAll(() => world.close());

const stored = async (): Promise<number> => (await world.sql('select from metering.day_block')).length;
const unfinished = (): Promise<object[]> =>
  world.sql(`select id from exchange.batch where state = 'RECEIVING'`);

test.each([
  ['an enterprise', 'enterprise-a'],
  ['a third party', 'service-co'],
  ['the national platform', 'national'],
])('%s without a scope for writing readings is refused before a line is read', async (_what, tenant) => {
  const before = await world.sql('select count(*) from exchange.batch');

  const reply = await upload(world, day('m1', '2026-01-01'), {}, tenant);

  expect(refusalOf(reply)).toEqual([403, 'SCOPE_MISSING']);
  expect(refusals(reply)[0]?.extensions.rule).toBe('scope/named');
  expect(await world.sql('select count(*) from exchange.batch')).toEqual(before);
});

test.each(['br', 'deflate', 'compress', 'gzip, gzip'])(
  'the content encoding %s is refused and stores nothing',
  async (encoding) => {
    const reply = await upload(world, day('m1', '2026-01-01'), { 'content-encoding': encoding });

    expect(refusalOf(reply)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect([await stored(), await unfinished()]).toEqual([0, []]);
  },
);

const TWO = `${day('m1', '2026-02-01')}\n${day('m2', '2026-02-01')}\n`;
test.each([
  ['a gzip that ends early', gzipSync(TWO.repeat(50)).subarray(0, -20), 'gzip'],
  [
    'a gzip of garbage',
    Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.from('garbage'.repeat(10))]),
    'gzip',
  ],
  ['what is no gzip', Buffer.from(TWO), 'gzip'],
  ['a zstd that ends early', zstdCompressSync(Buffer.from(TWO.repeat(50))).subarray(0, -9), 'zstd'],
])('%s is refused as interrupted, with its batch named', async (_what, body, encoding) => {
  const reply = await upload(world, body, { 'content-encoding': encoding });

  expect(refusalOf(reply)).toEqual([400, 'UPLOAD_INTERRUPTED']);
  const [, batch] = /\(batch (bat_\w+)\)/.exec(refusals(reply)[0]?.message ?? '') ?? [];
  expect(await world.sql('select state, receipt from exchange.batch where id = $1', [batch])).toEqual([
    { state: 'INTERRUPTED', receipt: null },
  ]);
});

test('a key longer than 200 characters, or empty, is refused', async () => {
  for (const key of ['k'.repeat(201), '']) {
    const reply = await upload(world, day('m1', '2026-01-01'), { 'idempotency-key': key });
    expect(refusalOf(reply)).toEqual([400, 'BAD_USER_INPUT']);
  }
});

const LINES: [reason: string, line: string | Buffer][] = [
  ['MALFORMED_LINE', '{"meter":"m1","date":'],
  ['UNKNOWN_METER', day('nobody', '2026-01-01')],
  ['FOREIGN_METER', day('south', '2026-01-01')],
  ['BAD_NUMBER', day('m1', '2026-01-02', 'many')],
  ['BAD_DATE', day('m1', '2026-02-30')],
  ['FUTURE_DAY', day('m1', '2099-01-01')],
  ['WRONG_INTERVAL_COUNT', '{"meter":"m1","date":"2026-01-03","interval":60,"values":[1,2]}'],
  ['DUPLICATE_LINE', day('m2', '2026-01-05', 2)],
  ['OVERSIZE_LINE', `{"meter":"m1","x":"${'x'.repeat(150_000)}"}`],
  ['INVALID_UTF8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
];

test('every bad line is counted by its reason, and comes back byte for byte; the good ones are stored', async () => {
  const good = [day('m1', '2026-01-05'), day('m2', '2026-01-05')];
  const lines = [...good, ...LINES.map(([, line]) => line)];
  const body = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));

  const { status, receipt } = await upload(world, body, { 'content-type': 'application/x-ndjson' });

  expect(status).toBe(200);
  expect(receipt).toMatchObject({
    lines: 12,
    accepted: 2,
    quarantined: 10,
    readings: 48,
    bytes: body.length,
  });
  expect(receipt.reasons).toEqual(Object.fromEntries(LINES.map(([reason]) => [reason, 1])));
  const rejected = await quarantine(world, receipt.quarantine);
  LINES.forEach(([reason, line], index) => {
    const parts = rejected.filter((part) => part.line === index + 3);
    expect(parts[0]?.reason).toBe(reason);
    expect(Buffer.concat(parts.map(({ content, encoding }) => Buffer.from(content, encoding)))).toEqual(
      Buffer.from(line),
    );
  });
});

test('a batch in quarantine is nothing to another tenant, nor is one that never was', async () => {
  const { receipt } = await upload(world, day('nobody', '2026-01-01'));

  expect(await quarantine(world, receipt.quarantine)).toHaveLength(1);
  for (const path of [receipt.quarantine, '/upload/batches/bat_none/quarantine']) {
    expect(refusalOf(await world.as('district-310104').send('GET', path))).toEqual([404, 'NOT_FOUND']);
  }
  expect(refusalOf(await world.as('enterprise-a').send('GET', receipt.quarantine))).toEqual([
    403,
    'SCOPE_MISSING',
  ]);
});

test('the city reads the quarantine of its districts', async () => {
  const { receipt } = await upload(world, day('nobody', '2026-01-01'));
  const { status, body } = await world
    .as('municipal')
    .send('GET', receipt.quarantine, null, { 'x-hub-purpose': 'SUPERVISION' });
  expect([status, body.toString('utf8')]).toEqual([200, expect.stringContaining('UNKNOWN_METER')]);
});
