import fc from 'fast-check';
import { Cipher } from '../../scripts/collectors/cipher.js';
import { type CipherSpec, collectorsConfig, type FrameSpec } from '../../scripts/collectors/config.js';
import { BadFrame, FrameCutter, framed } from '../../scripts/collectors/frames.js';
import { linesOf } from '../../scripts/collectors/lines.js';
import { packetText, readPacket } from '../../scripts/collectors/packets.js';

const PEER = { building: '310101A001', gateway: '01', keyFile: 'k' };
const configOf = (listener: object): ReturnType<typeof collectorsConfig> =>
  collectorsConfig({ listeners: [{ port: 0, peers: [PEER], ...listener }] }, 'c.json');
const headerOf = (spec: object): FrameSpec =>
  configOf({ frame: { kind: 'header', ...spec } }).listeners[0]!.frame;

const FRAMES: Record<string, FrameSpec> = {
  plain: { kind: 'plain' },
  'head and length': headerOf({ head: '1f1f' }),
  'head, type, length and tail': headerOf({
    head: '68',
    tail: '16',
    types: { id_validate: 1, heart_beat: 2, data: 3, config: 4 },
  }),
  'short little length of the frame': headerOf({
    lengthBytes: 2,
    order: 'little',
    counts: 'frame',
    head: 'aa55',
  }),
};

function cut(spec: FrameSpec, pieces: Buffer[], most = 100_000): string[] {
  const cutter = new FrameCutter(spec, most);
  const found = pieces.flatMap((piece) => [...cutter.push(piece)].map(String));
  expect(cutter.isPartial).toBe(false);
  return found;
}

describe.each(Object.entries(FRAMES))('frames: %s', (_name, spec) => {
  const bodies = ['a', 'bc', '电', ''].map((text) => `<root>${text}</root>`);
  const stream = Buffer.concat(bodies.map((body) => framed(spec, 'data', Buffer.from(body))));

  test('however the stream is cut, the same frames come out', () => {
    expect(cut(spec, [stream])).toEqual(bodies);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (places) => {
        const ends = [...places, stream.length].toSorted((a, b) => a - b);
        expect(
          cut(
            spec,
            ends.map((end, at) => stream.subarray(ends[at - 1] ?? 0, end)),
          ),
        ).toEqual(bodies);
      }),
    );
  });

  test('what is longer than the bound is refused as soon as that is known', () => {
    const long = framed(spec, 'data', Buffer.from(`<root>${'x'.repeat(2_000)}</root>`)).subarray(0, 1_500);
    const cutter = new FrameCutter(spec, 1_024);
    expect(() => [...cutter.push(long)]).toThrow(expect.objectContaining({ reason: 'oversize' }) as Error);
  });

  test('what is no frame is refused, and random bytes never make more than a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const cutter = new FrameCutter(spec, 1_024);
        try {
          for (const body of cutter.push(Buffer.from(bytes))) expect(body.length).toBeLessThanOrEqual(1_024);
        } catch (error) {
          expect(error).toBeInstanceOf(BadFrame);
        }
      }),
    );
  });
});

test.each<[string, CipherSpec['mode'], CipherSpec['padding'], number]>([
  ['AES-128-CBC', 'aes-cbc', 'pkcs7', 16],
  ['AES-256-CBC with zeros', 'aes-cbc', 'zero', 32],
  ['AES-192-ECB', 'aes-ecb', 'pkcs7', 24],
])('%s comes back as it was, and what is no whole block does not', (_name, mode, padding, length) => {
  const cipher = new Cipher({ mode, padding, keyFile: 'k', from: 'start' }, Buffer.alloc(length, 7));
  for (const text of ['', 'x', 'x'.repeat(16), '电'.repeat(99)])
    expect(cipher.decrypt(cipher.encrypt(Buffer.from(text))).toString()).toBe(text);
  expect(() => cipher.decrypt(Buffer.alloc(17))).toThrow();
});

test.each<[string, object, RegExp]>([
  ['a peer twice', { peers: [PEER, PEER] }, /310101A001\/01: stands twice/],
  [
    'a cipher without lengths',
    { peers: [{ ...PEER, cipher: { mode: 'aes-ecb', keyFile: 'k' } }] },
    /need frames/,
  ],
  ['a key file elsewhere', { peers: [{ ...PEER, keyFile: '../k' }] }, /file name in the home/],
  ['a key in the configuration', { peers: [{ ...PEER, key: 'k' }] }, /key/],
  ['a time zone that nobody knows', { peers: [{ ...PEER, timeZone: 'Moon' }] }, /no IANA time zone/],
])('the configuration is refused: %s', (_name, listener, message) => {
  expect(() => configOf(listener)).toThrow(message);
});

test('AES with a key of another length is refused without naming the key', () => {
  const spec: CipherSpec = { mode: 'aes-ecb', padding: 'zero', keyFile: 'k', from: 'start' };
  expect(() => new Cipher(spec, Buffer.from('short'))).toThrow(
    'k: an AES key has 16, 24 or 32 bytes, this one 5.',
  );
});

const packet = (data: string): Buffer =>
  Buffer.from(
    `<root><common><building_id>310101A001</building_id><gateway_id>01</gateway_id><type>energy_data</type></common>${data}</root>`,
  );

test.each([
  ['an entity bomb', Buffer.from('<!DOCTYPE root [<!ENTITY a "b">]><root/>')],
  ['no common', Buffer.from('<root><data/></root>')],
  ['nothing that it knows', packet('<format/>')],
  ['deep nesting', packet(`<data>${'<x>'.repeat(9)}${'</x>'.repeat(9)}</data>`)],
])('what is no packet is refused: %s', (_name, bytes) => {
  expect(() => readPacket(bytes)).toThrow(expect.objectContaining({ name: 'Unreadable' }) as Error);
});

test('values become lines of the upload door; what is not good goes as it is, for the quarantine', () => {
  const [peer] = configOf({
    peers: [
      {
        ...PEER,
        interval: 15,
        stamps: 'end',
        good: ['192'],
        meters: { '1/1': 'm1' },
        meter: '{building}-{coding}',
      },
    ],
  }).listeners[0]!.peers;
  const read = readPacket(
    packet(`<data operation="report"><sequence>7</sequence><time>20221017151459</time>
      <meter id="1"><function id="1" coding="01A00" error="192">1.50</function>
        <function id="2" coding="01B00" error="1" sample_time="20221017152341">3</function></meter>
      <energy_items><energy_item code="01000">9</energy_item></energy_items></data>`),
  );

  expect(linesOf(read, peer!).map((line) => JSON.parse(line) as object)).toEqual([
    { meter: 'm1', time: '2022-10-17T15:00', value: '1.50' },
    { meter: '310101A001-01B00', time: '2022-10-17T15:00', value: '3 (error 1)' },
    { meter: '310101A001-01000', time: '2022-10-17T15:00', value: '9' },
  ]);
});

test('a time that does not exist goes as it is', () => {
  const [peer] = configOf({}).listeners[0]!.peers;
  const read = readPacket(
    packet(
      '<data operation="report"><time>20220631000000</time><meter id="1"><function id="1">1</function></meter></data>',
    ),
  );
  expect(linesOf(read, peer!)[0]).toContain('"time":"20220631000000"');
});

test('a packet of ours is what we read, whatever a peer is called', () => {
  const text = packetText({ building: '<&>', gateway: '1' }, 'data', 'continuous_ack', {
    sequence: '7',
    total: undefined,
  });
  expect(text).toContain('<type>continuous_ack</type>');
  expect(readPacket(Buffer.from(text))).toMatchObject({
    building: '<&>',
    name: 'data',
    sequence: '7',
    total: undefined,
  });
});
