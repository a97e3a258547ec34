import { setTimeout as pause } from 'node:timers/promises';
import { withoutValues } from '../../subgraphs/runtime/statements.js';
import { freePorts } from '../world/apart.js';
import { smallCity } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { ended, type Served, served } from '../world/served.js';
import { type ReceivedSpan, TraceReceiver } from '../world/trace-receiver.js';
import { openWorld, type World } from '../world/world.js';
import { http2Connection, sendOver } from './http2-connection.js';

/** Buildings in a process of their own. */
let receiver: TraceReceiver;
let world: World;
let buildings: Served;
beforeAll(async () => {
  receiver = await TraceReceiver.open();
  const [port = 0] = await freePorts(1);
  const settings = {
    HUB_ROOMS: `buildings=https://localhost:${port}`,
    HUB_TRACES_URL: receiver.url,
    HUB_HOUSEKEEPING_SECONDS: '3600',
  };
  world = await openWorld({ settings });
  buildings = await served(world, 'buildings', { ...settings, HUB_ROOM_PORT: String(port) });
  await smallCity(world);
}, 120_000);
afterAll(async () => {
  await ended(buildings);
  await world.close();
  receiver.close();
});

/** The trace of the one request that `act` makes, once nothing more of it comes. */
async function traceOf(act: () => Promise<unknown>): Promise<ReceivedSpan[]> {
  await pause(1_500);
  receiver.spans.length = 0;
  await act();
  let known = -1;
  while (known < receiver.spans.length || known === 0) {
    known = receiver.spans.length;
    await pause(1_500);
  }
  const [first, ...others] = new Set(receiver.spans.map(({ traceId }) => traceId));
  expect([first, others]).toEqual([expect.any(String), []]);
  return [...receiver.spans];
}

/** From a span to the root: `hub buildings: SELECT < hub buildings: room buildings < …`. */
function wayUp(trace: readonly ReceivedSpan[], span: ReceivedSpan | undefined): string {
  if (!span) return '';
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  const here = `${span.service}: ${span.name}`;
  return parent ? `${here} < ${wayUp(trace, parent)}` : here;
}

const QUERY = 'query Secret($uscc: ID!) { enterprise(uscc: $uscc) { name buildings { nodes { id } } } }';

test('a request is traced from its handshake to the statements of a room beside the gateway and of one apart', async () => {
  const trace = await traceOf(() => world.as('enterprise-a').mustAsk(QUERY, { uscc: USCC_A }));
  const ways = trace.map((span) => wayUp(trace, span));
  const root = 'hub gateway: POST /graphql';

  expect(ways).toEqual(
    expect.arrayContaining([
      root,
      ...['tls.handshake', 'identify', 'document', 'decide', 'plan', 'grant', 'record'].map(
        (name) => `hub gateway: ${name} < ${root}`,
      ),
      `hub gateway: SELECT < hub gateway: room enterprises < ${root}`,
      `hub buildings: SELECT < hub buildings: room buildings < hub gateway: room buildings < ${root}`,
    ]),
  );
  const first = trace.find(({ name }) => name === 'POST /graphql');
  expect(first?.attributes).toMatchObject({
    'http.response.status_code': 200,
    'tls.protocol.version': 'TLSv1.3',
    'hub.operation': 'QUERY',
    'hub.tier': 'ENTERPRISE',
  });
  const statements = trace
    .filter(({ service }) => service === 'hub buildings')
    .map(({ attributes }) => String(attributes['db.query.text']));
  expect(statements.filter((sql) => /from "?buildings"?\."?building"?/.test(sql))).not.toEqual([]);
}, 60_000);

test('a request over HTTP/2 is traced from its handshake, too', async () => {
  const connection = await http2Connection(world, 'enterprise-a');
  const trace = await traceOf(() => sendOver(connection, {}, '{"query":"{ me { tenant } }"}'));
  connection.close();

  expect(trace.map((span) => wayUp(trace, span))).toContain(
    'hub gateway: tls.handshake < hub gateway: POST /graphql',
  );
  expect(trace.find(({ name }) => name === 'POST /graphql')?.attributes).toMatchObject({
    'network.protocol.version': '2.0',
    'tls.protocol.version': 'TLSv1.3',
  });
}, 60_000);

test('a body at a door is traced too', async () => {
  const lines = [{ meter: 'a-gate', date: '2026-01-11', interval: 60, values: Array(24).fill(0.5) }];
  const trace = await traceOf(() => world.as('district-310101').upload(lines));
  const ways = trace.map((span) => wayUp(trace, span));

  expect(ways).toContain('hub gateway: room exchange < hub gateway: POST /upload/readings');
  expect(ways.filter((way) => /: (INSERT|SELECT|COPY|WITH) < /i.test(way))).not.toEqual([]);
}, 60_000);

test('a caller neither begins a trace nor goes on with one', async () => {
  const own = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';
  const trace = await traceOf(() =>
    world.as('enterprise-a').ask('{ me { tenant } }', {}, { traceparent: own }),
  );

  expect(trace[0]?.traceId).not.toBe('0123456789abcdef0123456789abcdef');
}, 60_000);

test('no trace holds a variable, a subject, a grant, a value, or a name that a caller gave', async () => {
  await pause(1_500);
  const all = receiver.bodies.join('\n');
  for (const told of [USCC_A, '310101A001', 'enterprise-a', 'district-310101', 'Secret', 'a-gate', 'areas'])
    expect([told, all.includes(told)]).toEqual([told, false]);
  expect(all.includes('set_config(?')).toBe(true);
});

test('statements are told without what stands in quotes', () => {
  expect(withoutValues(`begin; select set_config('hub.grant', '{"a":"it''s"}', true)`)).toBe(
    'begin; select set_config(?, ?, true)',
  );
});
