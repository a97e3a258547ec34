import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { Collector, inside } from './collector.js';
import { serveCollectors } from './serving.js';

const COLLECTORS = 500;
const HOURS = 2;
const PEERS = Array.from({ length: COLLECTORS }, (_, at) => ({
  building: `B${String(at).padStart(3, '0')}`,
  gateway: '01',
  keyFile: 'k1',
  interval: 60,
}));
const meterOf = (at: number): string => `${PEERS[at]!.building}.01.1.1`;
const valueOf = (at: number, hour: number): number => at + hour * 1_000;

let world: World;
let config: string;
beforeAll(async () => {
  world = await openWorld();
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: PEERS.map((_, at) => aMeter({ id: meterOf(at) })),
  });
  await mkdir(join(world.home, 'collectors'));
  await writeFile(join(world.home, 'collectors', 'k1'), 'secret-1\n', { mode: 0o600 });
  config = join(world.home, 'collectors.json');
  await writeFile(config, JSON.stringify({ listeners: [{ port: 0, peers: PEERS }] }));
}, 60_000);
afterAll(() => world.close());

test('500 collectors are held at once, and what the hub acknowledged to each of them is in its database', async () => {
  const { child, port } = await serveCollectors(world, config);
  try {
    const collectors = await Promise.all(
      PEERS.map(({ building }) => Collector.validated({ port, building })),
    );
    for (let hour = 0; hour < HOURS; hour++)
      collectors.forEach((collector, at) =>
        collector.report(String(hour), `202601010${hour}0000`, String(valueOf(at, hour))),
      );
    const acknowledged = await Promise.all(
      collectors.map(async (collector) => [
        inside(await collector.next(), 'sequence'),
        inside(await collector.next(), 'sequence'),
      ]),
    );
    expect(acknowledged).toEqual(PEERS.map(() => ['0', '1']));

    const stored = await world.sql(
      `select meter, present, values[1:2]::text[] as values, scale from metering.day_block order by meter`,
    );
    expect(stored).toEqual(
      PEERS.map((_, at) => ({
        meter: meterOf(at),
        present: HOURS,
        values: [String(valueOf(at, 0)), String(valueOf(at, 1))],
        scale: 0,
      })),
    );
    for (const collector of collectors) collector.destroy();
  } finally {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
}, 60_000);
