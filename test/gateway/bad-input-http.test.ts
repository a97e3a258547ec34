import { connect, exchange, pairOf, post } from './raw-connection.js';
import { refusalOf, refusals } from './refusals.js';
import type { Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';

const BODY_BYTES = 50_000;
let world: World;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_BODY_BYTES: String(BODY_BYTES) } });
}, 120_000);
afterAll(() => world.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const ASK = JSON.stringify({ query: '{ me { tenant } }' });
const send = (body: string | null, headers: Record<string, string> = JSON_TYPE): Promise<Reply> =>
  world.as('district-310101').send('POST', '/graphql', body, headers);
/** For what an HTTP client of good manners cannot send. */
async function sendRaw(request: string): Promise<Reply> {
  const socket = await connect(world, pairOf(world, 'district-310101'));
  try {
    return await exchange(socket, request);
  } finally {
    socket.destroy();
  }
}

test.each([
  ['nothing', ''],
  ['half a document of JSON', '{"query":"{ me { tenant } }'],
  ['no JSON', 'query=me'],
  ['null', 'null'],
  ['a text', '"{ me { tenant } }"'],
  ['a number', '7'],
  ['an array of operations', `[${ASK},${ASK}]`],
  ['an empty array', '[]'],
  ['no query', '{}'],
  ['an empty query', '{"query":""}'],
  ['a query that is no text', '{"query":{"kind":"Document"}}'],
  ['variables that are no object', '{"query":"{ me { tenant } }","variables":"x"}'],
  ['variables that are an array', '{"query":"{ me { tenant } }","variables":[1]}'],
  ['an operation name that is no text', '{"query":"{ me { tenant } }","operationName":5}'],
  ['an operation that is not in the document', '{"query":"query A { me { tenant } }","operationName":"B"}'],
  ['two operations and no name', '{"query":"query A { me { tenant } } query B { me { tenant } }"}'],
  ['extensions that are no object', '{"query":"{ me { tenant } }","extensions":"x"}'],
  [
    'the hash of a query instead of a query',
    '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
  ],
  ['a member named __proto__', '{"query":"{ me { tenant } }","__proto__":{"admin":true}}'],
])('a body with %s is refused', async (_what, body) => {
  expect(refusalOf(await send(body))).toEqual([400, 'BAD_REQUEST']);
});

test.each([
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'json',
])('the content type %s is refused', async (type) => {
  expect(refusalOf(await send(ASK, { 'content-type': type }))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
});

test('a body without a content type is refused', async () => {
  expect(refusalOf(await send(ASK, {}))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
});

test('an operation whose body comes compressed is refused: only uploads may', async () => {
  expect(refusalOf(await send(ASK, { ...JSON_TYPE, 'content-encoding': 'gzip' }))).toEqual([
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ]);
});

test('an answer in a form that we do not speak is refused', async () => {
  expect(refusalOf(await send(ASK, { ...JSON_TYPE, accept: 'text/html' }))).toEqual([406, 'NOT_ACCEPTABLE']);
});

test('a body one byte above the limit is refused, one at the limit is answered', async () => {
  const sized = (bytes: number): string => ASK.replace('tenant', `tenant${' '.repeat(bytes - ASK.length)}`);

  expect(refusalOf(await send(sized(BODY_BYTES + 1)))).toEqual([413, 'BODY_TOO_LARGE']);
  expect((await send(sized(BODY_BYTES))).status).toBe(200);
});

test('a body above the limit that does not say its length is refused while it comes', async () => {
  const chunk = `${(10_000).toString(16)}\r\n${' '.repeat(10_000)}\r\n`;
  const head =
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

  const reply = await sendRaw(head + chunk.repeat(6));

  expect(refusalOf(reply)).toEqual([413, 'BODY_TOO_LARGE']);
  expect(reply.headers['connection']).toBe('close');
});

const MUTATION = 'mutation { setTenantStatus(id: "national", status: "CLOSED") { id } }';
const get = (query: string, headers: Record<string, string> = {}): Promise<Reply> =>
  world.as('municipal').send('GET', `/graphql?query=${encodeURIComponent(query)}`, null, {
    'x-hub-purpose': 'PLATFORM_OPERATION',
    ...headers,
  });

test('a mutation by GET is refused and changes nothing', async () => {
  const reply = await get(MUTATION, JSON_TYPE);

  expect(refusalOf(reply)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(reply.headers['allow']).toBe('POST');
  expect(await world.sql(`select status from tenants.tenant where id = 'national'`)).toEqual([
    { status: 'ACTIVE' },
  ]);
});

test('a query by GET is answered only with a header that no web page of another site can send', async () => {
  const get = (headers: Record<string, string>): Promise<Reply> =>
    world
      .as('district-310101')
      .send('GET', `/graphql?query=${encodeURIComponent('{ me { tenant } }')}`, null, headers);

  expect(refusalOf(await get({}))).toEqual([400, 'BAD_REQUEST']);
  expect(refusalOf(await get({ 'content-type': 'text/plain' }))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  expect((await get(JSON_TYPE)).status).toBe(200);
  expect((await get({ 'x-hub-purpose': 'PLATFORM_OPERATION' })).status).not.toBe(400);
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
  'the method %s is not allowed on /graphql',
  async (method) => {
    const reply = await sendRaw(post('/graphql', ASK).replace('POST', method));

    expect(refusalOf(reply)).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(reply.headers['allow']).toBe('GET, POST');
  },
);

test.each([
  ['GET', '/upload/readings', 'POST'],
  ['POST', '/packages/pkg_1/manifest', 'GET'],
  ['PUT', '/packages/pkg_1/parts/1', 'GET'],
] as const)('%s %s is not allowed', async (method, path, allow) => {
  const reply = await world
    .as('district-310101')
    .send(method, path, method === 'GET' ? null : '{}', JSON_TYPE);

  expect(refusalOf(reply)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(reply.headers['allow']).toBe(allow);
});

test('HEAD is answered without a body and as not allowed', async () => {
  const { status, headers, body } = await sendRaw(
    'HEAD /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
  );
  expect([status, headers['allow'], body.length]).toEqual([405, 'GET, POST', 0]);
});

test.each([
  '/',
  '/graphq',
  '/graphql/x',
  '/packages',
  '/packages/',
  '/ingest',
  '/days/2026-01-01',
  '/metrics',
  '/%00',
  '/..%2f..%2fetc/passwd',
  '/graphql%',
])('nothing is at %s', async (path) => {
  const [status, code] = refusalOf(await sendRaw(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`));
  expect([
    [404, 'NOT_FOUND'],
    [400, 'BAD_REQUEST'],
  ]).toContainEqual([status, code]);
});

test('headers beyond 16 KiB are refused', async () => {
  expect(refusalOf(await sendRaw(post('/graphql', ASK, { 'x-long': 'x'.repeat(20_000) })))).toEqual([
    431,
    'HEADERS_TOO_LARGE',
  ]);
});

test.each([
  ['no HTTP', 'HELLO\r\n\r\n'],
  ['a length that is no number', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n'],
  [
    'two lengths',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
  ],
  [
    'a length and chunks',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
  ],
  ['a header with a null byte', 'GET /graphql HTTP/1.1\r\nhost: localhost\r\nx-a: \0\r\n\r\n'],
])('a request with %s is refused and the connection closed', async (_what, request) => {
  const reply = await sendRaw(request);

  expect(refusalOf(reply)).toEqual([400, 'BAD_REQUEST']);
  expect(reply.headers['connection']).toBe('close');
});

test('a request without a host is refused by the parser itself', async () => {
  const { status, headers } = await sendRaw('GET /graphql HTTP/1.1\r\n\r\n');
  expect([status, headers['connection']]).toEqual([400, 'close']);
});

test.each([
  ['unknown', 'EVERYTHING'],
  ['in lower case', 'supervision'],
  ['empty', ''],
  ['a member that every object has', 'constructor'],
  ['two at once', 'SUPERVISION, PLATFORM_OPERATION'],
])('a purpose that is %s is refused', async (_what, purpose) => {
  const [first] = refusals(
    await world.as('municipal').send('POST', '/graphql', ASK, { ...JSON_TYPE, 'x-hub-purpose': purpose }),
  );
  expect(first?.extensions).toMatchObject({ code: 'PURPOSE_UNKNOWN', rule: 'purpose/listed' });
});

test('a tenant with two purposes that names none is refused, and told which it has', async () => {
  const reply = await world.as('municipal').send('POST', '/graphql', ASK, JSON_TYPE);

  expect(refusalOf(reply)).toEqual([400, 'PURPOSE_REQUIRED']);
  expect(refusals(reply)[0]?.message).toContain('PLATFORM_OPERATION, SUPERVISION');
});
