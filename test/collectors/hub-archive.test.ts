import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockCipher } from '../../scripts/collectors/cipher.js';
import type { FrameSpec } from '../../scripts/collectors/config.js';
import { framed } from '../../scripts/collectors/frames.js';
import { daily, energyXml, hour, zip } from '../subgraphs/metering/formats/zips.js';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import { until } from '../world/admin.js';
import { openWorld, type World } from '../world/world.js';
import { Collector } from './collector.js';
import { serveCollectors, type Served } from './serving.js';

const FRAME: FrameSpec = {
  kind: 'header',
  head: '68',
  tail: '',
  lengthBytes: 4,
  order: 'little',
  counts: 'body',
};
const KEY = '000102030405060708090a0b0c0d0e0f';
const CIPHER = { mode: 'aes-ecb', padding: 'pkcs7', keyFile: 'a' } as const;
const NAME = '31010120260302';

let world: World;
let served: Served;
beforeAll(async () => {
  world = await openWorld();
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [aMeter({ id: 'gate' })],
  });
  await mkdir(join(world.home, 'collectors'));
  for (const [name, key] of [
    ['k1', 'secret-1'],
    ['a', `hex:${KEY}`],
  ] as const)
    await writeFile(join(world.home, 'collectors', name), `${key}\n`, { mode: 0o600 });
  const config = join(world.home, 'collectors.json');
  const peer = { node: '310101', keyFile: 'k1', frame: FRAME, archive: { cipher: CIPHER } };
  await writeFile(config, JSON.stringify({ listeners: [{ port: 0, peers: [peer] }] }));
  served = await serveCollectors(world, config);
}, 120_000);
afterAll(async () => {
  served?.child.kill('SIGKILL');
  await world.close();
});

async function sent(bytes: Buffer): Promise<string> {
  const file = new BlockCipher(CIPHER, Buffer.from(KEY, 'hex')).encrypt(bytes);
  const who = { node: '310101', building: '0', gateway: '0' };
  const collector = await Collector.validated({ port: served.port, frame: FRAME, ...who });
  collector.packet('packet', 'packet_start', { filename: `${NAME}.zip`, filelength: String(file.length) });
  await collector.next();
  collector.send(framed(FRAME, 'packet', file));
  collector.packet('packet', 'packet_end', { md5: createHash('md5').update(file).digest('hex') });
  const answer = await collector.next();
  collector.destroy();
  return answer;
}

const total = (): Promise<unknown> => world.sql('select meter, total::text from metering.day_block');

test.each<[string, Buffer]>([
  ['climbs out of its folder', zip({ name: `../${NAME}Energy.xml`, content: energyXml([]) })],
  ['is a bomb', zip({ name: `${NAME}Energy.xml`, content: Buffer.alloc(40_000_000, 32) })],
  ['is none', Buffer.from('no zip at all, but long enough to have a directory')],
])('a zip that %s stores nothing and is not acknowledged', async (_name, bytes) => {
  expect(await sent(bytes)).toBe('closed');
  expect(await total()).toEqual([]);
});

test('a zip that cannot be read is in quarantine as it came, once, however often it is sent', async () => {
  const damaged = Buffer.alloc(150_000, 'no zip at all');
  const kept = (): Promise<Record<string, string>[]> =>
    world.sql(`select batch, string_agg(content, '' order by part) = repeat('no zip at all', 11538)::bytea || substr('no zip at all', 1, 6)::bytea as same,
      count(*)::int as parts, min(detail) as detail from metering.quarantined_line where reason = 'UNPARSED' group by batch having count(*) > 1`);

  expect(await sent(damaged)).toBe('closed');
  expect(await sent(damaged)).toBe('closed');
  await until(async () => (await kept()).length > 0);

  expect(await kept()).toEqual([
    {
      batch: expect.any(String) as string,
      same: true,
      parts: 3,
      detail: expect.stringContaining('archive-refused node 310101') as string,
    },
  ]);
});

test('a zip that came over TCP is stored and quarantined like one that came through the door', async () => {
  const odd = hour({ start: '2026-03-02 00:00:00', item: '09999' });
  const hours = Array.from({ length: 24 }, (_, at) => hour({ start: `2026-03-02 ${String(at).padStart(2, '0')}:00:00` })); // prettier-ignore

  expect(await sent(daily(NAME, [...hours, odd]))).toContain('packet_end_ack');

  expect(await total()).toEqual([{ meter: 'gate', total: expect.stringMatching(/^240/) as string }]);
  const [batch] = await world.sql('select lines, quarantined from exchange.batch where lines > 1');
  expect(batch).toEqual({ lines: '25', quarantined: '1' });
  expect(await world.sql(`select reason from metering.quarantined_line where reason <> 'UNPARSED'`)).toEqual([
    { reason: 'UNKNOWN_METER' },
  ]);
});
