import { rm } from 'node:fs/promises';
import { Cipher } from '../../scripts/collectors/cipher.js';
import { Collector, functionOf, inside } from './collector.js';
import { homeOfKeys, listening } from './listening.js';

const TIME = '20261017152300';
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
    expect(here.collectors.counters).toMatchObject({ refused: { 'bad-cipher': 1 }, kept: 1 });
    expect(here.kept).toMatchObject([{ reason: 'bad-cipher', peer: '310101A001/01' }]);
    expect(here.kept[0]?.bytes.toString()).toContain('4711');
  }
  await rm(home, { recursive: true });
});

test('a frame of a known peer that is no packet is kept as it came, and the connection ends', async () => {
  await using here = await listening();
  const collector = await Collector.validated({ port: here.port });

  collector.send('<root><common>4711</root>');

  expect(await collector.next()).toBe('closed');
  expect(here.collectors.counters).toMatchObject({ refused: { 'no-packet': 1 }, kept: 1, acknowledged: 0 });
  expect(here.kept.map(({ bytes, ...of }) => ({ ...of, text: bytes.toString() }))).toEqual([
    { reason: 'no-packet', peer: '310101A001/01', text: '<root><common>4711</root>' },
  ]);
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
