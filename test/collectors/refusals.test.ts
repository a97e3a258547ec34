import { rm } from 'node:fs/promises';
import { Collector, type CollectorOptions, functionOf, inside } from './collector.js';
import { homeOfKeys, listening, type ListeningOptions } from './listening.js';

const TIME = '20261017152300';
type Act = (collector: Collector) => Promise<void> | void;

describe('refused, counted and logged without data; the connection ends', () => {
  const proved: Act = async (collector) => expect(await collector.prove()).toBe('pass');
  test.each<[string, Act, string, ListeningOptions, Partial<CollectorOptions>]>([
    ['data before a proof', (c) => c.report('1', TIME, '4711'), 'wrong-order', {}, {}],
    ['a heartbeat before a proof', (c) => c.packet('heart_beat', 'notify'), 'wrong-order', {}, {}],
    [
      'a proof before a request',
      (c) => c.packet('id_validate', 'md5', { md5: c.md5('') }),
      'wrong-order',
      {},
      {},
    ],
    ['a wrong key', async (c) => expect(await c.prove()).toBe('fail'), 'wrong-md5', {}, { key: 'secret-2' }],
    [
      'a stranger',
      async (c) => expect(await c.prove()).toBe('fail'),
      'unknown-peer',
      {},
      { building: '310101Z999' },
    ],
    [
      'a proof in the other case',
      async (c) => expect(await c.prove()).toBe('fail'),
      'wrong-md5',
      { peer: { md5: { case: 'upper' } } },
      {},
    ],
    [
      'a proof of the other order',
      async (c) => expect(await c.prove()).toBe('fail'),
      'wrong-md5',
      { peer: { md5: { order: 'key+sequence' } } },
      {},
    ],
    [
      'an operation that nobody knows',
      async (c) => (await proved(c), c.packet('data', 'erase')),
      'wrong-order',
      {},
      {},
    ],
    [
      'a second request',
      async (c) => (await proved(c), c.packet('id_validate', 'request')),
      'wrong-order',
      {},
      {},
    ],
    ['bytes that are no packet', (c) => c.send('GET / HTTP/1.1\r\n\r\n'), 'no-frame', {}, {}],
    [
      'an entity bomb',
      (c) => c.send('<!DOCTYPE root [<!ENTITY a "4711">]><root>&a;</root>'),
      'no-packet',
      {},
      {},
    ],
    [
      'a frame beyond the bound',
      (c) => c.send(`<root>${'4711'.repeat(600)}`),
      'oversize',
      { limits: { frameBytes: 1_024 } },
      {},
    ],
    ['half a frame', (c) => (c.send('<root><common>4711'), c.end()), 'half-frame', {}, {}],
    ['silence instead of a proof', () => undefined, 'slow', { limits: { handshakeSeconds: 0.1 } }, {}],
    [
      'a frame that trickles',
      async (c) => (await proved(c), c.send('<root>')),
      'slow',
      { limits: { frameSeconds: 0.1 } },
      {},
    ],
    ['silence after it', proved, 'idle', { limits: { idleSeconds: 0.2 } }, {}],
  ])('%s', async (_name, act, reason, options, who) => {
    await using here = await listening(options);
    const collector = await Collector.connect({ port: here.port, ...who });

    await act(collector);

    expect(await collector.next()).toBe('closed');
    expect(here.collectors.counters.refused).toEqual({ [reason]: 1 });
    expect(here.batches).toEqual([]);
    expect(here.kept).toEqual([]);
    expect(here.logged()).toContain(`"reason":"${reason}"`);
    expect(here.logged()).not.toMatch(/4711|secret/);
  });

  test('the proof of another connection', async () => {
    await using here = await listening();
    const first = await Collector.connect({ port: here.port });
    first.packet('id_validate', 'request');
    const proof = first.md5(inside(await first.next(), 'sequence'));
    const second = await Collector.connect({ port: here.port });
    second.packet('id_validate', 'request');
    await second.next();

    second.packet('id_validate', 'md5', { md5: proof });

    expect(inside(await second.next(), 'result')).toBe('fail');
    first.destroy();
  });

  test('data in the name of another building', async () => {
    const peers = ['01', '02'].map((gateway) => ({ building: '310101A001', gateway, keyFile: 'k1' }));
    await using here = await listening({ peers });
    const collector = await Collector.validated({ port: here.port });

    collector.send(
      `<root><common><building_id>310101A001</building_id><gateway_id>02</gateway_id></common><data operation="report"><sequence>1</sequence>${functionOf('1')}</data></root>`,
    );

    expect(await collector.next()).toBe('closed');
    expect(here.collectors.counters.refused).toEqual({ 'other-peer': 1 });
  });

  test('more connections than there may be', async () => {
    await using here = await listening({ limits: { connections: 2 } });
    const collectors = await Promise.all([1, 2, 3].map(() => Collector.connect({ port: here.port })));

    for (let waited = 0; waited < 100 && !here.collectors.counters.refused['too-many']; waited++)
      await new Promise((resolve) => setTimeout(resolve, 10));

    expect(here.collectors.counters.refused).toEqual({ 'too-many': 1 });
    for (const collector of collectors) collector.destroy();
  });

  test('a key that others could read, and one that is not there', async () => {
    const open = await homeOfKeys({ k1: 'secret-1' }, 0o644);
    const none = await homeOfKeys({});

    await expect(listening({}, open)).rejects.toThrow(/k1 is open to others: chmod 600/);
    await expect(listening({}, none)).rejects.toMatchObject({ code: 'ENOENT' });
    await Promise.all([open, none].map((home) => rm(home, { recursive: true })));
  });
});
