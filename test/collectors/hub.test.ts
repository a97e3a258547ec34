import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meters, quarantine } from '../exchange/sample.js';
import { openWorld, type World } from '../world/world.js';
import { Collector, functionOf, inside } from './collector.js';
import { serveCollectors, type Served } from './serving.js';

let world: World;
let config: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  await mkdir(join(world.home, 'collectors'));
  await writeFile(join(world.home, 'collectors', 'k1'), 'secret-1\n', { mode: 0o600 });
  config = join(world.home, 'collectors.json');
  const peer = {
    building: '310101A001',
    gateway: '01',
    keyFile: 'k1',
    meters: { '1/1': 'm1' },
    interval: 60,
  };
  await writeFile(
    config,
    JSON.stringify({ listeners: [{ port: 0, peers: [peer] }], batch: { milliseconds: 100 } }),
  );
}, 120_000);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await world.close();
});

async function serve(): Promise<Served> {
  const served = await serveCollectors(world, config);
  running.add(served.child);
  return served;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [status] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  return status;
}

const HOURS = 240;
/** Hour after hour from 2026-01-01 on. */
const timeOf = (hour: number): string =>
  new Date(Date.UTC(2026, 0, 1, hour)).toISOString().slice(0, 19).replaceAll(/\D/g, '');

async function stored(): Promise<Set<number>> {
  const rows = await world.sql<{ hour: number }>(
    `select ((date - '2026-01-01') * 24 + place - 1)::int as hour
     from metering.day_block, unnest(values) with ordinality as value (amount, place)
     where meter = 'm1' and amount is not null`,
  );
  return new Set(rows.map(({ hour }) => hour));
}

test('a listener that is killed and started again loses nothing that it acknowledged', async () => {
  const first = await serve();
  const collector = await Collector.validated({ port: first.port });
  const acknowledged = new Set<number>();
  for (let hour = 0; hour < HOURS; hour++) {
    collector.report(String(hour), timeOf(hour), String(hour));
    if (hour % 40 === 39) await new Promise((resolve) => setTimeout(resolve, 60));
  }
  while (acknowledged.size < HOURS / 4) acknowledged.add(Number(inside(await collector.next(), 'sequence')));
  await ended(first.child, 'SIGKILL');
  for (let packet = await collector.next(); packet !== 'closed'; packet = await collector.next())
    acknowledged.add(Number(inside(packet, 'sequence')));

  const survived = await stored();
  expect([...acknowledged].filter((hour) => !survived.has(hour))).toEqual([]);

  const second = await serve();
  const again = await Collector.validated({ port: second.port });
  const missing = Array.from({ length: HOURS }, (_, hour) => hour).filter((hour) => !acknowledged.has(hour));
  for (const hour of missing)
    again.report(String(hour), timeOf(hour), String(hour), { total: String(missing.length), current: '1' });
  for (let at = 0; at < missing.length; at++) await again.next();

  expect((await stored()).size).toBe(HOURS);
  const [versions] = await world.sql('select sum(total) as total from metering.day_block');
  expect(versions).toEqual({ total: String((HOURS * (HOURS - 1)) / 2) });
  again.destroy();
  expect(await ended(second.child, 'SIGTERM')).toBe(0);
}, 120_000);

test('what the hub quarantines is acknowledged too, and can be fetched as it was sent', async () => {
  const { child, port } = await serve();
  const collector = await Collector.validated({ port });

  collector.packet(
    'data',
    'report',
    { sequence: 'q', time: timeOf(0) },
    functionOf('99', '1').replace('function id="1"', 'function id="5"'),
  );
  expect(await collector.next()).toContain('<sequence>q</sequence>');

  const [batch] = await world.sql<{ id: string; key: string }>(
    `select id, idempotency_key as key from exchange.batch where quarantined = 1`,
  );
  expect(batch?.key).toMatch(/^collectors-[0-9a-f]{64}$/);
  expect(await quarantine(world, `/upload/batches/${batch!.id}/quarantine`)).toMatchObject([
    { content: '{"meter":"310101A001.01.1.5","time":"2026-01-01T00:00","value":"99 (error 1)"}' },
  ]);
  collector.destroy();
  await ended(child, 'SIGTERM');
}, 60_000);

test('what a collector did not parse is kept as its frame and acknowledged; its digits are no value', async () => {
  const { child, port } = await serve();
  const collector = await Collector.validated({ port });
  const before = await stored();

  const frame = '6811020304050668';
  collector.packet(
    'data',
    'report',
    { sequence: 'raw', parser: 'no', time: timeOf(HOURS) },
    functionOf(frame),
  );
  expect(await collector.next()).toContain('<sequence>raw</sequence>');

  expect(await stored()).toEqual(before);
  const [batch] = await world.sql<{ id: string }>(
    'select id from exchange.batch where quarantined = 1 order by started_at desc limit 1',
  );
  expect(await quarantine(world, `/upload/batches/${batch!.id}/quarantine`)).toMatchObject([
    { reason: 'UNPARSED', content: `{"meter":"m1","time":"2026-01-11T00:00","frame":"${frame}"}` },
  ]);
  collector.destroy();
  await ended(child, 'SIGTERM');
}, 60_000);
