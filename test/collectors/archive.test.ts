import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { BlockCipher } from '../../scripts/collectors/cipher.js';
import { Failure, fault } from '../../scripts/client/failure.js';
import { LARGEST_ARCHIVE, type FrameSpec } from '../../scripts/collectors/config.js';
import { framed } from '../../scripts/collectors/frames.js';
import { Collector } from './collector.js';
import { homeOfKeys, listening, type Listening, type ListeningOptions } from './listening.js';

const FRAME: FrameSpec = {
  kind: 'header',
  head: '1f1f',
  tail: '16',
  lengthBytes: 4,
  order: 'big',
  counts: 'body',
};
const KEY = '000102030405060708090a0b0c0d0e0f';
const CIPHER = { mode: 'aes-cbc', padding: 'pkcs7', keyFile: 'a' } as const;
const cipher = new BlockCipher(CIPHER, Buffer.from(KEY, 'hex'));
const ZIP = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));
const FILE = cipher.encrypt(ZIP);
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

let home: string;
beforeAll(async () => {
  home = await homeOfKeys({ k1: 'secret-1', a: `hex:${KEY}` });
});
afterAll(() => rm(home, { recursive: true }));

interface Sent {
  name?: string;
  length?: string;
  pieces?: Buffer[];
  sum?: string;
}

const centre = { node: '310101', keyFile: 'k1', frame: FRAME, archive: { cipher: CIPHER } };
const listen = (options: ListeningOptions = {}): Promise<Listening> =>
  listening({ peers: [centre], ...options }, home);
const connect = ({ port }: Listening): Promise<Collector> =>
  Collector.validated({ port, node: '310101', building: '0', gateway: '0', frame: FRAME });

/** Announces a file, sends it once it may, and says what it was. */
async function send(collector: Collector, sent: Sent = {}): Promise<string> {
  const {
    name = '31010120260302.zip',
    length = String(FILE.length),
    pieces = [FILE],
    sum = md5(FILE),
  } = sent;
  collector.packet('packet', 'packet_start', { filename: name, filelength: length });
  const answer = await collector.next();
  if (answer === 'closed') return answer;
  expect(answer).toContain('<node_id>310101</node_id><building_id>0<');
  expect(answer).toContain(
    '<type>packet_start_ack</type></common><packet operation="packet_start_ack"></packet>',
  );
  for (const piece of pieces) collector.send(framed(FRAME, 'packet', piece));
  collector.packet('packet', 'packet_end', { md5: sum });
  return collector.next();
}

test.each<[string, Sent, string, ListeningOptions]>([
  ['of a peer that sends none', {}, 'no-archive', { peers: [{ ...centre, archive: undefined }] }],
  ['named as a path', { name: '../31010120260302.zip' }, 'bad-archive', {}],
  ['that is no zip by its name', { name: '31010120260302.rar' }, 'bad-archive', {}],
  ['of no length', { length: '0' }, 'bad-archive', {}],
  ['longer than the hub takes', { length: String(LARGEST_ARCHIVE + 1) }, 'bad-archive', {}],
  ['longer than it was announced', { length: '299000', pieces: [FILE] }, 'oversize', {}],
  [
    'of more pieces than were announced',
    { length: '299990', pieces: [FILE.subarray(0, 299_980), FILE.subarray(299_980), FILE] },
    'bad-archive',
    {},
  ],
  ['that came as another', { sum: md5(ZIP) }, 'bad-archive', {}],
  ['under another key', { pieces: [ZIP], sum: md5(ZIP), length: String(ZIP.length) }, 'bad-archive', {}],
  ['that the hub refuses', {}, 'archive-refused', {}],
])('a zip %s is not acknowledged, and the connection ends', async (_name, sent, reason, options) => {
  await using here = await listen(options);

  expect(await send(await connect(here), sent)).toBe('closed');

  expect(here.collectors.counters).toMatchObject({ refused: { [reason]: 1 }, archives: 0 });
});

test.each<[string, Sent, ListeningOptions, Buffer[]]>([
  ['that came as another is kept as it came', { sum: md5(ZIP) }, {}, [FILE]],
  [
    'that the hub refuses is kept, deciphered',
    {},
    {
      uploadArchive: () =>
        Promise.reject(new Failure({ code: 'UPLOAD_INTERRUPTED', message: '', remedy: '' })),
    },
    [ZIP],
  ],
  [
    'that found no hub is not kept: it will come again',
    {},
    { uploadArchive: () => Promise.reject(fault('HUB_UNREACHABLE', '')) },
    [],
  ],
])('a zip %s', async (_name, sent, options, kept) => {
  await using here = await listen(options);

  expect(await send(await connect(here), sent)).toBe('closed');
  await here.collectors.stop();

  expect(here.kept.map(({ bytes }) => bytes)).toEqual(kept);
});

test('a proof is needed, an announcement before the end, and one file after the other', async () => {
  await using here = await listen();
  const stranger = await Collector.connect({ port: here.port, node: '310101', building: '0', gateway: '0', frame: FRAME }); // prettier-ignore
  stranger.packet('packet', 'packet_start', { filename: 'a.zip', filelength: '1' });
  const hasty = await connect(here);
  hasty.packet('packet', 'packet_end', { md5: md5(FILE) });

  for (const collector of [stranger, hasty]) expect(await collector.next()).toBe('closed');
  expect(here.collectors.counters.refused).toEqual({ 'wrong-order': 2 });
});

test('no more files are on their way at once than there is room for', async () => {
  const peers = ['310101', '310104'].map((node) => ({ ...centre, node }));
  await using here = await listen({ peers, limits: { archiveBytes: LARGEST_ARCHIVE } });
  const length = String(LARGEST_ARCHIVE - 1_000);
  const first = await connect(here);
  first.packet('packet', 'packet_start', { filename: 'a.zip', filelength: length });
  expect(await first.next()).toContain('packet_start_ack');
  const second = { port: here.port, node: '310104', building: '0', gateway: '0', frame: FRAME };

  const full = await Collector.validated(second);
  full.packet('packet', 'packet_start', { filename: 'a.zip', filelength: length });
  expect(await full.next()).toBe('closed');
  first.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await Collector.validated(second);
  again.packet('packet', 'packet_start', { filename: 'a.zip', filelength: length });
  expect(await again.next()).toContain('packet_start_ack');
  again.destroy();
});

test.each<[string, Sent]>([
  ['in one frame', {}],
  ['in several', { pieces: [FILE.subarray(0, 7), FILE.subarray(7, 200_000), FILE.subarray(200_000)] }],
  ['announced by the length of the zip', { length: String(ZIP.length) }],
])('a zip %s is uploaded as it was and acknowledged by its receipt', async (_name, sent) => {
  const zips: Buffer[] = [];
  await using here = await listen({
    uploadArchive: (zip) => (zips.push(zip), Promise.resolve({ lines: 24, quarantined: 1 })),
  });
  const collector = await connect(here);

  for (const round of [1, 2]) {
    expect(await send(collector, sent)).toContain('<type>packet_end_ack</type>');
    expect(zips).toHaveLength(round);
  }

  expect(zips.every((zip) => zip.equals(ZIP))).toBe(true);
  expect(here.collectors.counters).toMatchObject({ archives: 2, lines: 48, quarantined: 2, refused: {} });
  collector.destroy();
});
