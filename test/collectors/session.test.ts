import { rm } from 'node:fs/promises';
import { Cipher } from '../../scripts/collectors/cipher.js';
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

test('a packet is acknowledged when it is stored and not before; what the hub refused can be sent again', async () => {
  const steps: (() => void)[] = [];
  const outcomes = ['refused', 'stored'];
  await using here = await listening({
    upload: async ({ lines }) => {
      await new Promise<void>((resolve) => steps.push(resolve));
      if (outcomes.shift() === 'refused') throw new Error('SCOPE_MISSING');
      return { lines, quarantined: 0 };
    },
  });
  const collector = await Collector.validated({ port: here.port });
  const step = async (): Promise<void> => {
    while (steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    steps.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  collector.report('7', TIME, '1.5', { total: '3', current: '2' });
  await step();
  expect(collector.waiting).toBe(0);
  collector.report('7', TIME, '1.5', { total: '3', current: '2' });
  await step();

  const answer = await collector.next();
  expect(answer).toContain('<type>continuous_ack</type></common><data operation="continuous_ack">');
  expect(answer).toContain('<sequence>7</sequence><total>3</total><current>2</current>');
  expect(here.collectors.counters).toMatchObject({ packets: 2, acknowledged: 1, failedUploads: 1 });
  expect(here.batches[1]?.body.toString()).toBe(
    '{"meter":"310101A001.01.1.1","time":"2026-10-17T15:23:00","value":"1.5"}\n',
  );
  collector.destroy();
});

test('a replayed sequence is acknowledged and not stored again; with other contents it is refused', async () => {
  await using here = await listening();
  const collector = await Collector.validated({ port: here.port });

  collector.report('7', TIME, '1');
  await collector.next();
  collector.report('7', TIME, '2');
  collector.report('7', TIME, '1');

  expect(await collector.next()).toContain('<sequence>7</sequence>');
  expect(here.batches).toHaveLength(1);
  expect(here.collectors.counters).toMatchObject({
    acknowledged: 2,
    repeated: 1,
    refused: { 'sequence-reused': 1 },
  });
  collector.destroy();
});

test('a heartbeat is answered with the time; a period and a query go out when a peer is welcome', async () => {
  await using here = await listening({ peer: { period: 15, query: true, timeZone: 'UTC' } });
  const collector = await Collector.validated({ port: here.port });

  expect(await collector.next()).toMatch(/<type>period<\/type>.*<config operation="period"><period>15</);
  expect(await collector.next()).toContain('<data operation="query">');
  collector.packet('config', 'period_ack');
  collector.packet('data', 'reply', { sequence: '1', time: TIME }, functionOf('1'));
  expect(await collector.next()).toContain('continuous_ack');
  collector.packet('heart_beat', 'notify');
  const now = new Date().toISOString().replaceAll(/\D/g, '');
  expect(inside(await collector.next(), 'time')).toMatch(new RegExp(`^${now.slice(0, 10)}\\d{4}$`));
  collector.destroy();
});

test.each(['validated', 'start'] as const)('frames with a header, AES from %s', async (from) => {
  const spec = { mode: 'aes-cbc' as const, padding: 'pkcs7' as const, keyFile: 'k2', from };
  const home = await homeOfKeys({ k1: 'secret-1', k2: 'hex:000102030405060708090a0b0c0d0e0f' });
  const cipher = new Cipher(spec, Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'));
  const frame = { kind: 'header', head: '1f1f' } as const;
  {
    await using here = await listening({ peer: { cipher: spec }, listener: { frame } }, home);
    let isSealed = from === 'start';
    const collector = await Collector.connect({
      port: here.port,
      frame: { ...frame, tail: '', lengthBytes: 4, order: 'big', counts: 'body' },
      seal: (body) => (isSealed ? cipher.encrypt(body) : body),
      open: (body) => (isSealed ? cipher.decrypt(body) : body),
    });
    expect(await collector.prove()).toBe('pass');
    isSealed = true;

    collector.report('1', TIME, '1');
    expect(await collector.next()).toContain('continuous_ack');
    isSealed = false;
    collector.report('2', TIME, '4711');

    expect(await collector.next()).toBe('closed');
    expect(here.collectors.counters.refused).toEqual({ 'bad-cipher': 1 });
  }
  await rm(home, { recursive: true });
});

test('a collector that comes anew ends its old connection', async () => {
  await using here = await listening();
  const old = await Collector.validated({ port: here.port });

  const anew = await Collector.validated({ port: here.port });

  expect(await old.next()).toBe('closed');
  anew.destroy();
});

test('500 collectors at once: each proves itself, and each of its packets is acknowledged', async () => {
  const peers = Array.from({ length: 500 }, (_, at) => ({
    building: `B${at}`,
    gateway: '01',
    keyFile: 'k1',
  }));
  await using here = await listening({ peers });

  const collectors = await Promise.all(
    peers.map(({ building }) => Collector.validated({ port: here.port, building })),
  );
  for (const number of ['1', '2', '3'])
    for (const collector of collectors) collector.report(number, TIME, number);
  for (const collector of collectors)
    for (let at = 0; at < 3; at++) expect(await collector.next()).toContain('_ack');

  expect(here.collectors.counters).toMatchObject({
    validated: 500,
    packets: 1_500,
    acknowledged: 1_500,
    lines: 1_500,
    refused: {},
  });
  expect(here.batches.length).toBeLessThan(100);
  for (const collector of collectors) collector.destroy();
});
