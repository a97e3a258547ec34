import { once } from 'node:events';
import http2, { type ClientHttp2Session } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { roomHeaders } from '../../../gateway/requests.js';
import type { Reply } from '../../world/caller.js';
import { until } from '../../world/admin.js';
import { smallCity } from '../../world/city.js';
import { openWorld, type World } from '../../world/world.js';
import { http2Connection, lineOf, sendOver, upload } from '../http2-connection.js';
import { connect, pairOf } from '../raw-connection.js';
import { refusalOf } from '../refusals.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_BODY_BYTES: '50000', HUB_TENANT_TRANSFERS: '2' } });
  await smallCity(world);
}, 60_000);
/** With connections open: the hub ends them, and does not wait until they end. */
afterAll(() => world.close());

const session = (name?: string): Promise<ClientHttp2Session> => http2Connection(world, name);
const ask = (over: ClientHttp2Session, query: string): Promise<Reply> =>
  sendOver(over, {}, JSON.stringify({ query }));

test('without a certificate nobody is answered, and the connection ends', async () => {
  const over = await session();
  const ended = once(over, 'close');

  expect(refusalOf(await ask(over, '{ me { tenant } }'))).toEqual([401, 'CERTIFICATE_REQUIRED']);
  await ended;
});

test('who calls is who presented the certificate, whatever the headers say', async () => {
  const over = await session('district-310101');
  const spoofed = { 'x-forwarded-client-cert': 'municipal', authorization: 'municipal', host: 'municipal' };
  const { status, body } = await sendOver(over, spoofed, '{"query":"{ me { tenant } }"}');

  expect([status, body.toString('utf8')]).toEqual([200, '{"data":{"me":{"tenant":"district-310101"}}}']);
});

test('requests share a connection, each with an answer of its own', async () => {
  const over = await session('district-310101');
  const queries = Array.from({ length: 50 }, (_, number) => `{ n${number}: __typename me { tenant } }`);
  const replies = await Promise.all(queries.map((query) => ask(over, query)));

  for (const [number, { body }] of replies.entries())
    expect(JSON.parse(body.toString('utf8'))).toEqual({
      data: { [`n${number}`]: 'Query', me: { tenant: 'district-310101' } },
    });
  expect(over.remoteSettings.maxConcurrentStreams).toBe(100);
});

test('a query by GET, a mutation by GET, another method and a body that is too large are answered as ever', async () => {
  const over = await session('district-310101');
  const get = (query: string): Promise<Reply> =>
    sendOver(over, { ':method': 'GET', ':path': `/graphql?query=${encodeURIComponent(query)}` });

  expect((await get('{ me { tenant } }')).status).toBe(200);
  expect(refusalOf(await get('mutation { registerMeters(meters: []) { id } }'))).toEqual([
    405,
    'METHOD_NOT_ALLOWED',
  ]);
  expect(refusalOf(await sendOver(over, { ':method': 'PUT' }, '{}'))).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(refusalOf(await ask(over, `{ me { tenant } } # ${'x'.repeat(60_000)}`))).toEqual([
    413,
    'BODY_TOO_LARGE',
  ]);
  expect(refusalOf(await ask(await session('district-310101'), '{ gone }'))).toEqual([
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ]);
});

test('what HTTP/2 says of a request in its own headers is no header of it', () => {
  expect(roomHeaders({ ':path': '/upload', ':authority': 'x', 'x-a': '1' })).toEqual({ 'x-a': '1' });
});

test('an upload on its way goes on while nothing is taken from its sender', async () => {
  const { say, end, answer } = upload(await session('district-310101'));
  say('2026-02-01');
  await pause(1_000);
  say('2026-02-02');
  end();

  expect(await answer).toBe(200);
});

test('who loses a scope while an upload is on its way is cut off, with all that shares the connection', async () => {
  const over = await session('district-310101');
  const closed = new Promise((resolve) => over.once('close', resolve));
  const { say, answer } = upload(over);
  say('2026-03-01');
  await pause(200);
  await world.sql(`update tenants.scope set valid_to = now() where tenant = $1 and category = 'readings'`, [
    'district-310101',
  ]);

  expect(await answer).toBe('cut off');
  await closed;
  await world.sql(`update tenants.scope set valid_to = null`);
  await world.registryCatchesUp();
});

test('uploads that are given up, whenever, are in the way of none', async () => {
  const over = await session('district-310101');
  const line = lineOf('2026-02-03');
  const door = {
    ':method': 'POST',
    ':path': '/upload/readings',
    'content-type': 'application/x-ndjson',
    'content-length': String(line.length),
  };
  for (let number = 0; number < 30; number += 1) {
    const stream = over.request(door);
    stream.on('error', () => undefined);
    stream.write('{');
    if (number % 3 > 0) await pause(number);
    stream.close(http2.constants.NGHTTP2_CANCEL);
  }

  const replies = await Promise.all([sendOver(over, door, line), sendOver(over, door, line)]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
});

test('what is at work for a request that is given up ends, and the connection stays', async () => {
  const held = async (): Promise<boolean> =>
    (
      await world.sql(
        `select from pg_stat_activity where datname = current_database() and wait_event = 'relation'`,
      )
    ).length > 0;
  const over = await session('district-310101');
  const holder = new pg.Client({ connectionString: world.ownerUrl });
  await holder.connect();
  try {
    await holder.query('begin; lock table enterprises.enterprise in access exclusive mode');
    const stream = over.request({
      ':method': 'POST',
      ':path': '/graphql',
      'content-type': 'application/json',
    });
    stream.end('{"query":"{ enterprises { nodes { uscc } } }"}');
    await until(held);

    stream.close(http2.constants.NGHTTP2_CANCEL);

    await until(async () => !(await held()));
  } finally {
    await holder.end();
  }
  expect((await ask(over, '{ me { tenant } }')).status).toBe(200);
});

test('a certificate that is suspended works on a connection that is open', async () => {
  const over = await session('district-310101');
  expect((await ask(over, '{ me { tenant } }')).status).toBe(200);
  await world.sql(`update tenants.certificate set status = 'SUSPENDED' where tenant = $1`, [
    'district-310101',
  ]);
  await world.registryCatchesUp();

  expect(refusalOf(await ask(over, '{ me { tenant } }'))).toEqual([401, 'CERTIFICATE_SUSPENDED']);
  await world.sql(`update tenants.certificate set status = 'ACTIVE'`);
  await world.registryCatchesUp();
});

test.each([
  [['h2', 'http/1.1'], 'h2'],
  [['http/1.1'], 'http/1.1'],
  [undefined, false],
])('a client that speaks %p is spoken to in %p', async (ALPNProtocols, spoken) => {
  const socket = await connect(world, pairOf(world, 'district-310101'), {
    ...(ALPNProtocols && { ALPNProtocols }),
  });
  expect(socket.alpnProtocol).toBe(spoken);
  socket.destroy();
});

test('headers beyond 16 KiB are refused, and nothing else on the connection is', async () => {
  const over = await session('district-310101');
  const long = { 'x-long': 'x'.repeat(20_000) };
  const many = Object.fromEntries(
    Array.from({ length: 90 }, (_, number) => [`x-${number}`, 'x'.repeat(200)]),
  );
  const body = '{"query":"{ me { tenant } }"}';

  expect(refusalOf(await sendOver(over, long, body))).toEqual([431, 'HEADERS_TOO_LARGE']);
  await expect(sendOver(over, many, body)).rejects.toThrow('ENHANCE_YOUR_CALM');
  expect((await sendOver(over, { 'x-short': 'x'.repeat(10_000) }, body)).status).toBe(200);
});

test('an upload that does not say how long it is is refused: given up, it would look whole', async () => {
  const door = { ':path': '/upload/readings', 'content-type': 'application/x-ndjson' };
  expect(refusalOf(await sendOver(await session('district-310101'), door, lineOf('2026-02-04')))).toEqual([
    400,
    'BAD_REQUEST',
  ]);
});

test.each([
  ['cancelled', http2.constants.NGHTTP2_CANCEL],
  ['ended with an error', http2.constants.NGHTTP2_INTERNAL_ERROR],
  ['ended without one', http2.constants.NGHTTP2_NO_ERROR],
])('an upload whose stream is %s is no whole upload: it is sent again under its key', async (_how, code) => {
  const over = await session('district-310101');
  const key = `given-up-${code}`;
  const lines = `${lineOf('2026-02-04', code)}${lineOf('2026-02-05', code)}`;
  const door = {
    ':path': '/upload/readings',
    'content-type': 'application/x-ndjson',
    'content-length': String(lines.length),
    'idempotency-key': key,
  };
  const state = async (): Promise<unknown> => {
    const [batch] = await world.sql<{ state: string }>(
      'select state from exchange.batch where idempotency_key = $1 order by started_at',
      [key],
    );
    return batch?.state;
  };

  const stream = over.request({ ':method': 'POST', ...door });
  stream.on('error', () => undefined);
  stream.write(lines.slice(0, -100));
  await until(async () => (await state()) === 'RECEIVING');
  stream.close(code);
  await until(async () => (await state()) !== 'RECEIVING');
  expect(await state()).toBe('INTERRUPTED');

  const { status, body } = await sendOver(over, door, lines);
  expect([status, JSON.parse(body.toString('utf8'))]).toMatchObject([200, { lines: 2, quarantined: 0 }]);
});
