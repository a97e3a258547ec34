import { gunzipSync } from 'node:zlib';
import { refusalOf } from '../gateway/refusals.js';
import type { Reply } from '../world/caller.js';
import { aMeter, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { blocksOf, daily, manifestOf, part, sha256, type Manifest, type Package } from './packages.js';
import { meters, upload } from './sample.js';

/** Enough minutes' values that the day takes more than one part of 16 MiB. */
const METERS = 1_100;
const MINUTES = 1_440;

let world: World;
let large: Package;
let manifest: Manifest;
let whole: Buffer;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  const ids = Array.from({ length: METERS }, (_, n) => `minute-${String(n).padStart(4, '0')}`);
  for (let from = 0; from < METERS; from += 500) {
    const some = ids.slice(from, from + 500).map((id) => aMeter({ id, intervalMinutes: 1 }));
    await has(world.as('district-310101'), { meters: some });
  }
  const line = (id: string, n: number): string =>
    `{"meter":"${id}","date":"2026-01-01","interval":1,"values":[${Array.from({ length: MINUTES }, (_, minute) => `${100_000 + n}.${100 + (minute % 900)}`).join(',')}]}\n`;
  await upload(world, ids.map(line).join(''));
  large = await daily(world.as('district-310101'), '2026-01-01');
  ({ manifest } = await manifestOf(world.as('district-310101'), large));
  whole = (await get()).body;
}, 120_000);
afterAll(() => world.close());

/** Ranges of the last part: the first takes half a second to make, each time. */
const get = (headers: Record<string, string> = {}, number: number | string = 2): Promise<Reply> =>
  part(world.as('district-310101'), large.id, number, headers);

test('a large day comes in several parts, each whole lines, together every meter once in order', async () => {
  expect(manifest.parts.length).toBeGreaterThan(1);
  const blocks = await blocksOf(world.as('district-310101'), manifest);
  expect(blocks).toHaveLength(METERS);
  expect(blocks.map(({ meter }) => meter)).toEqual(blocks.map(({ meter }) => meter).toSorted());
  expect(manifest.parts.reduce((sum, each) => sum + each.blocks, 0)).toBe(METERS);
  const told = await world.sql<{ amount: number }>(
    'select amount::int from ledger.disclosure order by sequence desc limit $1',
    [manifest.parts.length],
  );
  expect(told.toReversed().map(({ amount }) => amount)).toEqual(
    manifest.parts.map(({ blocks: each }) => each * MINUTES),
  );
});

test('a part carries its hash as ETag, and is not sent to whom has it', async () => {
  const etag = `"${sha256(whole)}"`;
  expect((await get()).headers).toMatchObject({
    etag,
    'accept-ranges': 'bytes',
    'content-type': 'application/gzip',
  });

  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const { status, body } = await get({ 'if-none-match': known });
    expect([status, body.length]).toEqual([304, 0]);
  }
  expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
});

test.each([
  ['the first bytes', 'bytes=0-99', (size: number) => [0, Math.min(99, size - 1)]],
  ['one byte', 'bytes=0-0', () => [0, 0]],
  ['the middle', 'bytes=1000-1999', () => [1000, 1999]],
  ['to the end', 'bytes=500-', (size: number) => [500, size - 1]],
  ['the last bytes', 'bytes=-100', (size: number) => [size - 100, size - 1]],
  ['more than there are', 'bytes=100-999999999999', (size: number) => [100, size - 1]],
  ['more of the last than there are', 'bytes=-999999999999', (size: number) => [0, size - 1]],
] as const)('%s by range', async (_what, range, expected) => {
  const [from = 0, to = 0] = expected(whole.length);
  const { status, headers, body } = await get({ range });

  expect([status, headers['content-range']]).toEqual([206, `bytes ${from}-${to}/${whole.length}`]);
  expect(body.equals(whole.subarray(from, to + 1))).toBe(true);
});

test('pieces put together are the whole, and it unpacks', async () => {
  expect(whole.length).toBeGreaterThan(64 * 1024);
  const pieces: Buffer[] = [];
  const size = Math.ceil(whole.length / 7);
  for (let from = 0; from < whole.length; from += size) {
    pieces.push((await get({ range: `bytes=${from}-${from + size - 1}` })).body);
  }
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  expect(gunzipSync(Buffer.concat(pieces)).at(-1)).toBe(0x0a);
});

test.each(['bytes=999999999-', 'bytes=-0', 'bytes=9-3'])('the range %s is not satisfiable', async (range) => {
  expect(refusalOf(await get({ range }))).toEqual([416, 'RANGE_NOT_SATISFIABLE']);
});

test.each(['bytes=', 'bytes=a-b', 'lines=0-1', 'bytes=0-1,5-6', '0-5'])(
  'the range %s is none we know: the whole part',
  async (range) => {
    const { status, body } = await get({ range });
    expect([status, body.length]).toEqual([200, whole.length]);
  },
);

test('a range of what the part no longer is gives the whole part; of what it is, the range', async () => {
  expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  expect((await get({ range: 'bytes=0-9', 'if-range': `"${sha256(whole)}"` })).status).toBe(206);
});

test.each(['0', '-1', '99', '1.0', '1e0', '01', 'x', '99999999999', '%00'])(
  'there is no part %s',
  async (number) => {
    const [, code] = refusalOf(await get({}, number));
    expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(code);
  },
);
