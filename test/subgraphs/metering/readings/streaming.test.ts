import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { ReadingsWorld, testServer } from './readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has(...Array.from({ length: 50 }, (_, index) => ({ id: `meter-${index}` })));
});

/** Day lines that do not compress away: `days` days of 50 meters from 2020 on. */
function* dayLines(days: number): Generator<string> {
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    for (let meter = 0; meter < 50; meter++) {
      const values = Array.from(randomBytes(24), (byte, hour) => `${byte}.${(byte * (hour + 7)) % 997}`);
      yield `{"meter":"meter-${meter}","date":"${date}","interval":60,"values":[${values.join(',')}]}\n`;
    }
  }
}

const body = (days: number): Buffer => Buffer.from([...dayLines(days)].join(''));

function* cut(bytes: Buffer, size = 4_099): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** The first bytes, and then the connection is gone. */
async function* broken(bytes: Buffer, at: number): AsyncGenerator<Buffer> {
  yield* cut(bytes.subarray(0, at));
  await nextTurn();
  throw new Error('ECONNRESET');
}

const storedBlocks = async (): Promise<number> =>
  (await world.rows<{ count: number }>('select count(*)::int as count from metering.day_block'))[0]!.count;

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['identity', (bytes: Buffer) => bytes],
])('%s is read, declared or not, and hashed as it was received', async (contentEncoding, compress) => {
  const bytes = compress(body(3));
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  const declared = await world.upload(Readable.from(cut(bytes)), { contentEncoding });
  const detected = await world.upload(Readable.from(cut(bytes, 1)));

  expect(declared).toMatchObject({ lines: 150, accepted: 150, sha256, bytes: bytes.length });
  expect(detected).toMatchObject({ lines: 150, unchanged: 150, sha256, bytes: bytes.length });
});

test('an unknown encoding is refused', async () => {
  await expect(world.upload('', { contentEncoding: 'br' })).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
  });
});

test('an empty body is an upload of nothing', async () => {
  expect(await world.upload(Readable.from([]))).toMatchObject({ lines: 0, accepted: 0, bytes: 0 });
});

test('a gzip that breaks off keeps every whole line before the break, and repeating it is safe', async () => {
  const bytes = gzipSync(body(100));
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const readable = gunzipSync(half, { finishFlush: constants.Z_SYNC_FLUSH });
  const wholeLines = readable.toString().split('\n').length - 1;

  const first = await world.upload(Readable.from(cut(half)));
  expect(first.interrupted).toMatch(/could not be decompressed: unexpected end of file/);
  expect(first).toMatchObject({ lines: wholeLines, accepted: wholeLines, quarantined: 0 });
  expect(wholeLines).toBeGreaterThan(2_000);
  expect(await storedBlocks()).toBe(wholeLines);

  const again = await world.upload(Readable.from(cut(bytes)));
  expect(again).toMatchObject({ lines: 5_000, accepted: 5_000 - wholeLines, unchanged: wholeLines });
  expect(again.interrupted).toBeUndefined();
});

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['identity', (bytes: Buffer) => bytes],
])('a connection that breaks in %s keeps what had come', async (_name, compress) => {
  const bytes = compress(body(100));
  const outcome = await world.upload(Readable.from(broken(bytes, Math.floor(bytes.length * 0.9))));
  expect(outcome.interrupted).toMatch(/broke off: ECONNRESET|could not be decompressed/);
  expect(outcome.accepted).toBeGreaterThan(2_000);
  expect(outcome).toMatchObject({ lines: outcome.accepted, quarantined: 0 });
  expect(await storedBlocks()).toBe(outcome.accepted);
});

test('gzip with rubbish in the middle ends there, and the rest is still heard out', async () => {
  const bytes = gzipSync(body(60));
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xff, middle, middle + 64);
  const outcome = await world.upload(Readable.from(cut(bytes)));
  expect(outcome.interrupted).toMatch(/could not be decompressed/);
  expect(outcome.accepted).toBeGreaterThan(500);
  expect(outcome.bytes).toBe(bytes.length);
});

test('a body made to expand without end is stopped', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(300_000_000, '\n'));
  const outcome = await world.upload(Readable.from([bomb]));
  expect(outcome.interrupted).toMatch(/expands more than/);
});

test('a fault of the database ends the upload and the body with it', async () => {
  const source = Readable.from(cut(body(200)));
  const session = world.district;
  const failing = { ...session, transaction: async () => Promise.reject(new Error('the server is gone')) };
  await expect(world.upload(source, {}, failing)).rejects.toThrow('the server is gone');
});

test('memory does not grow with the upload, and new months are made while others are written', async () => {
  // Zeros over each midnight keep a chunk's transaction open while the next one makes its month.
  const quarters = Array.from({ length: 20 }, () =>
    Array.from(randomBytes(96), (byte, at) => (at % 95 === 0 ? 0 : byte * 37.93).toFixed(2)).join(','),
  );
  const date = (day: number): string => new Date(Date.UTC(2015, 0, 1 + day)).toISOString().slice(0, 10);
  const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576);
  const upload = async (from: number, to: number): Promise<{ peak: number; sent: number }> => {
    let peak = 0;
    function* days(): Generator<Buffer> {
      for (let day = from; day < to; day++) {
        peak = Math.max(peak, process.memoryUsage.rss());
        const values = quarters[day % quarters.length]!;
        const lines = Array.from(
          { length: 50 },
          (_, meter) =>
            `{"meter":"meter-${meter}","date":"${date(day)}","interval":15,"values":[${values}]}\n`,
        );
        yield Buffer.from(lines.join(''));
      }
    }
    const outcome = await world.upload(Readable.from(days()));
    expect(outcome).toMatchObject({ accepted: (to - from) * 50, quarantined: 0 });
    return { peak: megabytes(peak), sent: megabytes(outcome.bytes) };
  };

  const first = await upload(0, 600);
  const second = await upload(600, 4_000);

  expect(second.sent).toBeGreaterThan(100);
  expect(second.peak - first.peak).toBeLessThan(second.sent / 2);
});
