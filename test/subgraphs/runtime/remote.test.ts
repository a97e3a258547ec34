import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openAuthority } from '../../../certs/authority.js';
import { RemoteRoom } from '../../../subgraphs/runtime/remote.js';

let home: string;
let server: Server;
let room: RemoteRoom;
/** Asks soon whether anybody is there. */
let impatient: RemoteRoom;
const waiting = { count: 0 };
/** What becomes of the next operations, one after the other; then all is well. */
const fates: ('broken' | 'broken within' | 'well')[] = [];
let operations = 0;
let isThere = false;

function answerGraphql(response: ServerResponse): void {
  operations += 1;
  const fate = fates.shift();
  if (fate === 'broken') return void response.socket?.destroy();
  if (fate !== 'broken within') return void response.end('{"data":{}}');
  response.writeHead(200, { 'content-length': '100' }).write('{"data":', () => response.socket?.destroy());
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hub-remote-'));
  const authority = await openAuthority(home);
  const { certificate: cert, key } = await authority.serverCredentials([]);
  server = createServer({ cert, key }, ({ url, method }, response) => {
    if (url === '/graphql') answerGraphql(response);
    else if (url === '/healthz' && isThere) response.end('{}');
    else if (url === '/doors/late') setTimeout(() => response.writeHead(404).end(BUSY), 400);
    else if (url === '/doors/busy') response.writeHead(503).end(BUSY);
    else if (method === 'POST') waiting.count += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { certificate, key: gatewayKey } = await authority.gatewayCredentials();
  const ca = (await authority.authorities()).join('\n');
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const credentials = () => ({ ca, certificate, key: gatewayKey });
  room = new RemoteRoom('metering', origin, credentials);
  impatient = new RemoteRoom('metering', origin, credentials, { silenceMs: 100 });
}, 60_000);
afterAll(async () => {
  await room.close();
  await impatient.close();
  server.closeAllConnections();
  server.close();
  await rm(home, { recursive: true, force: true });
});

const BUSY = JSON.stringify({
  errors: [{ message: 'busy', extensions: { code: 'ROOM_UNAVAILABLE', remedy: 'Wait.' } }],
});
const request = () => ({ params: {}, query: {}, headers: {}, body: Readable.from(['x']) });

test('bodies that take their time at the doors of a room keep no operation waiting', async () => {
  for (let n = 0; n < 40; n += 1) room.door('POST /slow', request(), '').catch(() => undefined);
  while (waiting.count < 40) await new Promise((resolve) => setTimeout(resolve, 20));

  expect(await room.graphql({ query: '{ __typename }' }, '')).toEqual({ data: {} });
}, 20_000);

describe('a connection that breaks', () => {
  const [query, mutation] = ['query A { __typename }', 'mutation A { __typename }'];
  beforeEach(() => {
    operations = 0;
    fates.length = 0;
  });

  test('before an answer: what only asks is asked once more, on another', async () => {
    fates.push('broken');
    expect(await room.graphql({ query }, '')).toEqual({ data: {} });
    expect(operations).toBe(2);
  });

  test('twice: it is not asked a third time', async () => {
    fates.push('broken', 'broken');
    await expect(room.graphql({ query }, '')).rejects.toThrow();
    expect(operations).toBe(2);
  });

  test('under a change: it is not sent again, and the caller is told that nobody knows', async () => {
    fates.push('broken');
    await expect(room.graphql({ query: mutation }, '')).rejects.toMatchObject({
      code: 'ROOM_UNAVAILABLE',
      message: expect.stringContaining('whether the change was made is not known') as string,
    });
    expect(operations).toBe(1);
  });

  test('within an answer: it is not asked again', async () => {
    fates.push('broken within');
    await expect(room.graphql({ query }, '')).rejects.toThrow();
    expect(operations).toBe(1);
  });
});

test('a room that is busy is told as busy, not as a fault', async () => {
  await expect(room.door('GET /busy', request(), '')).rejects.toMatchObject({
    code: 'ROOM_UNAVAILABLE',
    remedy: 'Wait.',
  });
});

test('a room that hangs is not ready, and is not waited for', async () => {
  expect(await room.isReady()).toBe(false);
}, 10_000);

test('a door of a room that hangs is given up; one that only takes its time is waited for', async () => {
  isThere = false;
  await expect(impatient.door('GET /silent', request(), '')).rejects.toMatchObject({
    code: 'ROOM_UNAVAILABLE',
    message: 'The room metering does not answer.',
  });
  isThere = true;
  await expect(impatient.door('GET /late', request(), '')).rejects.toMatchObject({ remedy: 'Wait.' });
}, 20_000);

test('a sender that breaks off says nothing of the room', async () => {
  const body = new Readable({ read() {} });
  const asked = impatient.door('POST /slow', { ...request(), body }, '');
  body.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
  await expect(asked).rejects.toThrow('gone');
});
