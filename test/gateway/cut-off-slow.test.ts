import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { hours, smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

/** Longer than the gateway takes to look at its callers again, three times over. */
const SLOW_MS = 1_000;

describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  test('an upload that is stored long after its body has come keeps its connection', async () => {
    const other = new pg.Client({ connectionString: world.ownerUrl });
    await other.connect();
    await other.query('begin; lock table metering.day_block in exclusive mode');
    const upload = world.as('district-310101').upload([hours('a-gate', '2026-03-01', 1)]);

    await pause(SLOW_MS);
    await other.query('commit');
    await other.end();

    expect(await upload).toMatchObject({ status: 200, json: { accepted: 1 } });
  });
});
