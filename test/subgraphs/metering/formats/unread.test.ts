import { UnreadReader } from '../../../../subgraphs/metering/formats/unread/reader.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(() => world.clear());

const upload = (bytes: Buffer, said = '; fault="no-packet 310101A001/01"') =>
  world.upload(bytes, { contentType: `application/octet-stream${said}` });

const fail = (): never => {
  throw new Error('it is no record');
};

const parts = (): Promise<
  { line: string; part: number; reason: string; detail: string; content: Buffer }[]
> =>
  world.rows('select line, part, reason, detail, content from metering.quarantined_line order by line, part');

test.each([
  [
    '; fault="a text that is far too long to say in short what was wrong with it"',
    /fault=.* is not understood/,
  ],
  ['; meter=gate', /has no parameter meter/],
])('what cannot be read, described as %s, is refused', async (said, message) => {
  await expect(upload(Buffer.from('?'), said)).rejects.toThrow(message);
  expect(await parts()).toEqual([]);
});

test('of what is too long the first is kept, and the sender is told so', () => {
  const kept: number[] = [];
  const sink = {
    record: fail,
    refuse: fail,
    part: (_fault: unknown, { length }: Buffer) => kept.push(length),
  };
  const reader = new UnreadReader(sink, '', 70_000);

  expect(() => reader.push(Buffer.alloc(70_001))).toThrow('kept up to 70000 bytes');

  expect(kept).toEqual([65_536, 4_464]);
});

test('what its sender could not read is one record, in quarantine as it came, with what was said of it', async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7) % 251));

  expect(await upload(bytes)).toMatchObject({ lines: 1, quarantined: 1, accepted: 0 });

  const kept = await parts();
  expect(kept.map(({ line, part, content }) => [line, part, content.length])).toEqual([
    ['1', 0, 65_536],
    ['1', 1, 65_536],
    ['1', 2, 65_536],
    ['1', 3, 3_392],
  ]);
  expect(Buffer.concat(kept.map(({ content }) => content)).equals(bytes)).toBe(true);
  expect(kept[0]).toMatchObject({
    reason: 'UNPARSED',
    detail: 'the sender could not read it: "no-packet 310101A001/01"',
  });
});

test('a body that is no longer than a line, or empty, is kept as what it is', async () => {
  expect(await upload(Buffer.from('<root>'), '')).toMatchObject({ lines: 1, quarantined: 1 });
  expect((await parts()).map(({ content }) => content.toString())).toEqual(['<root>']);
  expect(await upload(Buffer.alloc(0), '')).toMatchObject({ lines: 0, quarantined: 0 });
});
