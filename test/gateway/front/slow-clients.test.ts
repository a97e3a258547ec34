import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { smallCity } from '../../world/city.js';
import { openWorld, type World } from '../../world/world.js';
import { http2Connection, lineOf, sendOver } from '../http2-connection.js';
import { connect, exchange, pairOf, post } from '../raw-connection.js';
import { refusalOf } from '../refusals.js';

/** Clients have a second instead of a minute, and a few large answers are more than is held for one tenant. */
let world: World;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_CLIENT_SECONDS: '1', HUB_TENANT_HELD_BYTES: '2000000' } });
  await smallCity(world);
}, 60_000);
afterAll(() => world.close());

/** About a megabyte. */
const LARGE = JSON.stringify({
  query: `{ ${Array.from({ length: 20 }, (_, n) => `s${n}: __schema { ...all }`).join(' ')} }
    fragment all on __Schema { types { name description fields { name description args { name description } } } }`,
});
const WHO = JSON.stringify({ query: '{ me { tenant } }' });

const TO_GRAPHQL = { ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' };

/** Asks so often over HTTP/2 and reads nothing of the answers: their windows are closed. */
async function unread(
  name: string,
  times: number,
): Promise<{ over: ClientHttp2Session; cut: Promise<number[]> }> {
  const over = await http2Connection(world, name, { settings: { initialWindowSize: 0 } });
  const streams = Array.from({ length: times }, () => over.request(TO_GRAPHQL));
  const cut = streams.map(
    (stream) => new Promise<number>((resolve) => stream.once('close', () => resolve(stream.rstCode))),
  );
  await Promise.all(
    streams.map((stream) => {
      stream.on('error', () => undefined).end(LARGE);
      return once(stream, 'response');
    }),
  );
  return { over, cut: Promise.all(cut) };
}

test('over HTTP/2 an answer that is not read in time is cut off, whatever else keeps the connection busy', async () => {
  const { over, cut } = await unread('district-310101', 1);
  const busy = setInterval(() => over.ping(() => undefined), 100);

  expect(await cut).toEqual([constants.NGHTTP2_CANCEL]);
  clearInterval(busy);
  over.destroy();
});

test('over HTTP/1.1 an answer that is not read in time ends the connection', async () => {
  const socket = await connect(world, pairOf(world, 'district-310104'));
  socket.on('error', () => undefined).pause();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(post('/graphql', LARGE).repeat(30));
  await pause(4_000);
  let answered = 0;
  socket.on(
    'data',
    (chunk: Buffer) => void (answered += chunk.toString('latin1').split('HTTP/1.1 ').length - 1),
  );
  socket.resume();
  await closed;

  expect(answered).toBeLessThan(30);
});

test('who leaves answers unread is refused more until it reads; nobody else is', async () => {
  const { over: holding, cut } = await unread('district-310101', 4);
  const ask = async (name: string) => {
    const over = await http2Connection(world, name);
    const reply = await sendOver(over, { 'x-hub-purpose': 'DATA_REPORTING' }, WHO);
    over.destroy();
    return reply;
  };

  expect(refusalOf(await ask('district-310101'))).toEqual([429, 'TOO_MANY_AT_ONCE']);
  expect((await ask('district-310104')).status).toBe(200);
  await cut;
  holding.destroy();
  expect((await ask('district-310101')).status).toBe(200);
});

/** A request of which a part of the body never comes. */
const half = (): string => post('/graphql', WHO).slice(0, -5);

test('the body of an operation has to come in time, over either protocol', async () => {
  const socket: TLSSocket = await connect(world, pairOf(world, 'district-310101'));
  const ended = once(socket, 'close');
  expect(refusalOf(await exchange(socket, half()))).toEqual([408, 'BODY_TOO_SLOW']);
  await ended;

  const over = await http2Connection(world, 'district-310101');
  const closed = once(over, 'close');
  const stream = over.request(TO_GRAPHQL);
  stream.on('error', () => undefined).write('{');
  const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
  expect(answer[':status']).toBe(408);
  stream.resume();
  await closed;
});

test('a body that comes in time but in parts is taken', async () => {
  const socket = await connect(world, pairOf(world, 'district-310101'));
  socket.write(half());
  await pause(300);

  expect((await exchange(socket, post('/graphql', WHO).slice(-5))).status).toBe(200);
  socket.destroy();
});

test('an upload takes as long as its sender does', async () => {
  const over = await http2Connection(world, 'district-310101');
  const days = [1, 2, 3, 4, 5, 6].map((day) => lineOf(`2026-02-0${day}`));
  const stream = over.request({
    ...TO_GRAPHQL,
    ':path': '/upload/readings',
    'content-type': 'application/x-ndjson',
    'content-length': String(days.join('').length),
  });
  for (const day of days) {
    stream.write(day);
    await pause(500);
  }
  stream.end();
  const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];

  expect(answer[':status']).toBe(200);
  over.destroy();
});
