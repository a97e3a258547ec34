import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { getIntrospectionQuery } from 'graphql';
import type { Reply } from '../../world/caller.js';
import { openWorld, type World } from '../../world/world.js';
import { connect, exchange, pairOf, post } from '../raw-connection.js';
import { refusalOf, refusals } from '../refusals.js';
import { aGateway, ended, type Gateway } from './gateway-process.js';

/** With more, what is not needed any more is collected late; what all attacks leave would not fit. */
const LITTLE = '--max-old-space-size=384';

/** A hub in a process of its own, with a second of patience: its memory is looked at. */
let world: World;
let gateway: Gateway;
beforeAll(async () => {
  world = await openWorld();
  gateway = await aGateway(world, 'district-310101', { HUB_CLIENT_SECONDS: '1', NODE_OPTIONS: LITTLE });
}, 120_000);
afterAll(async () => {
  await ended(gateway);
  await world.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const send = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  gateway.caller.send('POST', '/graphql', JSON.stringify(body), { ...JSON_TYPE, ...headers });
const times = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const open = (isKnown = true): Promise<TLSSocket> =>
  connect({ home: world.home, hub: { url: gateway.url } } as World, isKnown ? pairOf(world, 'district-310101') : undefined); // prettier-ignore

const DOUBLING = `${times(28, (n) => `fragment F${n} on Me { ...F${n + 1} ...F${n + 1} }`)} fragment F28 on Me { tenant }`;
const FLOODS: [what: string, body: unknown, refused: [number, string]][] = [
  ['aliases', { query: `{ me { ${times(201, (n) => `a${n}: tenant`)} } }` }, [400, 'QUERY_TOO_WIDE']],
  ['aliases at the root', { query: `{ ${times(101, (n) => `a${n}: me { tenant }`)} }` }, [400, 'QUERY_TOO_WIDE']],
  ['the same root field', { query: `{ ${times(101, () => 'me { tenant }')} }` }, [400, 'QUERY_TOO_WIDE']],
  ['directives', { query: `{ me { ${times(101, () => 'tenant @include(if: true)')} } }` }, [400, 'QUERY_TOO_WIDE']],
  ['one directive at one place', { query: `{ me { tenant ${times(500, () => '@include(if: true)')} } }` }, [400, 'QUERY_TOO_WIDE']],
  ['unknown directives', { query: `{ me { tenant ${times(900, (n) => `@d${n}`)} } }` }, [400, 'QUERY_TOO_WIDE']],
  ['circular fragments', { query: `{ me { ...F0 } } ${times(200, (n) => `fragment F${n} on Me { ...F${(n + 1) % 200} }`)}` }, [400, 'GRAPHQL_VALIDATION_FAILED']],
  ['fragments that double', { query: `{ me { ...F0 } } ${DOUBLING}` }, [400, 'QUERY_TOO_WIDE']],
  ['operations in a batch', Array.from({ length: 1_000 }, () => ({ query: '{ me { tenant } }' })), [400, 'BAD_REQUEST']],
  ['levels', { query: `{ meter(id: "x") ${'{ parent '.repeat(900)}{ id }${' }'.repeat(900)} }` }, [400, 'QUERY_TOO_DEEP']],
  ['lists in a literal', { query: `{ meters(area: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { nodes { id } } }` }, [400, 'GRAPHQL_VALIDATION_FAILED']],
  ['lists in lists', { query: '{ meters(first: 500) { nodes { children(first: 500) { nodes { id } } } } }' }, [400, 'QUERY_TOO_WIDE']],
  ['tokens', { query: `{ me { ${times(5_000, () => 'tenant')} } }` }, [400, 'QUERY_TOO_LONG']],
  ['bytes', { query: '{ me { tenant } }', variables: { x: 'x'.repeat(1_100_000) } }, [413, 'BODY_TOO_LARGE']],
]; // prettier-ignore

test.each(FLOODS)('a flood of %s is refused in few words', async (_what, body, refused) => {
  const reply = await send(body);

  expect(refusals(reply).map(({ extensions }) => extensions.code)).toContain(refused[1]);
  expect(reply.status).toBe(refused[0]);
  expect(reply.body.length).toBeLessThan(50_000);
});

const CLAIMS = {
  'x-hub-grant': 'eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJuYXRpb25hbCJ9.',
  'x-hub-tenant': 'national',
  'x-forwarded-client-cert': 'Subject="CN=national"',
  'x-ssl-client-cert': 'national',
  'x-ssl-client-s-dn': 'CN=national',
  'x-forwarded-for': '127.0.0.1',
  authorization: 'Bearer national',
  cookie: 'tenant=national',
};

test('no header makes a caller another than its certificate, nor anybody a caller', async () => {
  const reply = await send({ query: '{ me { tenant tier } }' }, CLAIMS);
  expect(JSON.parse(reply.body.toString('utf8'))).toEqual({
    data: { me: { tenant: 'district-310101', tier: 'DISTRICT' } },
  });

  const stranger = await open(false);
  const refused = await exchange(stranger, post('/graphql', '{"query":"{ me { tenant } }"}', CLAIMS));
  expect(refusalOf(refused)).toEqual([401, 'CERTIFICATE_REQUIRED']);
  stranger.destroy();
});

/** Resolves when the hub has ended the connection. */
async function isEnded(socket: Duplex): Promise<void> {
  socket.on('error', () => undefined);
  // A reset is an end, too.
  await new Promise((resolve) => socket.once('close', resolve));
}

test('a connection that never says anything is ended, before TLS and after', async () => {
  const mute = net.connect(Number(new URL(gateway.url).port), 'localhost');
  const shaken = await open();
  shaken.resume();
  mute.resume();
  await Promise.all([isEnded(mute), isEnded(shaken)]);
});

/** Writes a piece at a time, for as long as the connection stands. */
async function trickle(socket: TLSSocket, piece: string): Promise<void> {
  socket.resume();
  const writing = setInterval(() => socket.writable && socket.write(piece), 200);
  await isEnded(socket).finally(() => clearInterval(writing));
}

test('headers that never end are ended', async () => {
  const headers = await open();
  headers.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\n');
  await trickle(headers, 'x-a: b\r\n');
});

test('an operation that never ends is ended', async () => {
  const body = await open();
  body.write(post('/graphql', '{"query":"', { 'content-length': '100000' }));
  await trickle(body, ' ');
});

test('an upload that stops is ended', async () => {
  const upload = await open();
  upload.write(post('/upload/readings', '{}\n', { 'content-length': '100000' }));
  await trickle(upload, '');
});

test('who does not take its answers is cut off', async () => {
  const deaf = await open();
  deaf.pause();
  const ask = post('/graphql', JSON.stringify({ query: getIntrospectionQuery() }));
  for (let n = 0; n < 20; n++) deaf.write(ask);
  // Who does not read finds out by writing.
  const finding = setInterval(() => deaf.writable && deaf.write('POST '), 3_000);
  await isEnded(deaf).finally(() => clearInterval(finding));
}, 30_000);

test('an upload that pauses for less than the hub’s patience goes on', async () => {
  const upload = await open();
  const answer = exchange(upload, post('/upload/readings', '', { 'content-length': '9' }));
  for (let n = 0; n < 3; n++) {
    upload.write('{}\n');
    await pause(600);
  }
  expect((await answer).status).toBe(200);
  upload.destroy();
});

/** The least of several looks: what is not collected yet is no leak. */
async function memory(): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 8; look++) {
    const text = await (await fetch(`${gateway.operations}/metrics`)).text();
    looks.push(Number(/^hub_nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1]));
    await pause(50);
  }
  return Math.min(...looks);
}

test('memory stays where it was, however often all this comes', async () => {
  const round = async (n: number): Promise<void> => {
    for (const [, body] of FLOODS.slice(0, -1)) {
      // Never the same text, or it would be known.
      const asked = body as { query?: string };
      await send(asked.query ? { ...asked, query: `${asked.query} # ${n}` } : body);
    }
    const extensions = { persistedQuery: { version: 1, sha256Hash: n.toString(16).padStart(64, '0') } };
    await send({ extensions });
    (await open(false)).destroy();
  };
  for (let n = 0; n < 20; n++) await round(n);
  const before = await memory();
  for (let n = 20; n < 80; n++) await round(n);
  const after = await memory();

  expect(before).toBeGreaterThan(0);
  expect(after).toBeLessThan(before * 1.5 + 64 * 1024 * 1024);
  expect((await send({ query: '{ me { tenant } }' })).status).toBe(200);
}, 120_000);
