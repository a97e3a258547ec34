import { rm } from 'node:fs/promises';
import { Cipher } from '../../scripts/collectors/cipher.js';
import { collectorsConfig, type FrameSpec } from '../../scripts/collectors/config.js';
import { Collector, type CollectorOptions, inside } from './collector.js';
import { homeOfKeys, listening } from './listening.js';

const TIME = '20261017152300';
const header = (spec: object): FrameSpec =>
  collectorsConfig(
    {
      listeners: [
        {
          port: 0,
          frame: { kind: 'header', ...spec },
          peers: [{ building: 'B', gateway: '01', keyFile: 'k' }],
        },
      ],
    },
    'c',
  ).listeners[0]!.frame;

const FRAMES: Record<string, FrameSpec> = {
  plain: { kind: 'plain' },
  big: header({ head: '1f1f' }),
  little: header({ head: '1f1f', order: 'little' }),
  short: header({ head: '1f1f', lengthBytes: 2 }),
  whole: header({ head: '1f1f', counts: 'frame' }),
  tailed: header({ head: '1f1f', tail: '16' }),
  typed: header({ head: '68', tail: '16', types: { id_validate: 1, heart_beat: 2, data: 3, config: 4 } }),
};
const names = Object.keys(FRAMES);
const peers = names.map((building) => ({
  building,
  gateway: '01',
  keyFile: 'k1',
  ...(building !== 'plain' && { frame: FRAMES[building] }),
}));

describe('one port, a frame for each peer', () => {
  const others = names.flatMap((building) =>
    names.filter((way) => way !== building).map((way): [string, string] => [building, way]),
  );
  test.each(others)('%s proves nothing in the frames of %s', async (building, way) => {
    await using here = await listening({ peers, limits: { handshakeSeconds: 2, frameSeconds: 2 } });
    const collector = await Collector.connect({ port: here.port, building, frame: FRAMES[way]! });

    collector.packet('id_validate', 'request');
    const answer = await collector.next();
    if (answer !== 'closed')
      collector.packet('id_validate', 'md5', { md5: collector.md5(inside(answer, 'sequence')) });

    expect(answer === 'closed' ? 'fail' : inside(await collector.next(), 'result')).toBe('fail');
    expect(here.collectors.counters.validated).toBe(0);
    collector.destroy();
  });

  test.each(names)(
    '%s is understood and answered in its own, however its bytes are cut',
    async (building) => {
      await using here = await listening({ peers });
      const options: CollectorOptions = { port: here.port, building, frame: FRAMES[building]! };
      const collector = await Collector.validated(options);
      collector.report('1', TIME, '1');
      expect(await collector.next()).toContain('continuous_ack');

      const trickling = await Collector.connect(options);
      trickling.trickle = true;
      expect(await trickling.prove()).toBe('pass');

      expect(here.collectors.counters.refused).toEqual({});
      for (const one of [collector, trickling]) one.destroy();
    },
  );

  test('a stranger is asked for a proof and fails, in whatever frame', async () => {
    await using here = await listening({ peers });
    for (const way of ['plain', 'typed', 'tailed']) {
      const collector = await Collector.connect({ port: here.port, building: 'X', frame: FRAMES[way]! });
      expect(await collector.prove()).toBe('fail');
    }
    expect(here.collectors.counters.refused).toEqual({ 'unknown-peer': 3 });
  });

  test.each([
    ['bytes in no frame', 'GET / HTTP/1.1\r\n\r\n', 'no-frame'],
    ['no packet in a frame', '<!DOCTYPE root [<!ENTITY a "4711">]><root>&a;</root>', 'no-packet'],
    ['a first packet without end', `<root>${'4711'.repeat(2_000)}`, 'oversize'],
    ['a length beyond the bound', Buffer.from('1f1f7fffffff', 'hex'), 'oversize'],
  ])('%s are refused for what they are', async (_name, bytes, reason) => {
    await using here = await listening({ peers });
    const collector = await Collector.connect({ port: here.port });

    collector.send(bytes);

    expect(await collector.next()).toBe('closed');
    expect(here.collectors.counters.refused).toEqual({ [reason]: 1 });
  });
});

test('peers with ciphers of their own from the first byte share a port, and none begins under another’s', async () => {
  const keys = ['000102030405060708090a0b0c0d0e0f', '0f0e0d0c0b0a09080706050403020100'];
  const home = await homeOfKeys({ k1: 'secret-1', a0: `hex:${keys[0]}`, a1: `hex:${keys[1]}` });
  const spec = (at: number) => ({
    mode: 'aes-cbc' as const,
    padding: 'pkcs7' as const,
    keyFile: `a${at}`,
    from: 'start' as const,
  });
  const ciphers = keys.map((key, at) => new Cipher(spec(at), Buffer.from(key, 'hex')));
  const sealed = [0, 1].map((at) => ({
    building: `S${at}`,
    gateway: '01',
    keyFile: 'k1',
    frame: FRAMES['big'],
    cipher: spec(at),
  }));
  {
    await using here = await listening({ peers: [...peers, ...sealed] }, home);
    const as = (building: string, at: number): CollectorOptions => ({
      port: here.port,
      building,
      frame: FRAMES['big']!,
      seal: (body) => ciphers[at]!.encrypt(body),
      open: (body) => ciphers[at]!.decrypt(body),
    });
    expect(await (await Collector.connect(as('S0', 1))).prove()).toBe('fail');
    for (const at of [0, 1]) {
      const collector = await Collector.validated(as(`S${at}`, at));
      collector.report('1', TIME, '1');
      expect(await collector.next()).toContain('continuous_ack');
      collector.destroy();
    }
  }
  await rm(home, { recursive: true });
});
