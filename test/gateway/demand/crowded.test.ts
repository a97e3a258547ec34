import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { readConfig } from '../../../gateway/config.js';
import { Caller } from '../../world/caller.js';
import { openWorld, type World } from '../../world/world.js';

/** As many as one tenant may have under way, with the settings that a hub has by itself. */
const MOST = readConfig({}).demand.tenantOperations;
const HANGING = '{ buildings { nodes { id } } }';
const WAITING = `select pid from pg_stat_activity where datname = current_database() and wait_event = 'relation'`;

describe.each(['together', 'apart'] as const)('while queries hang, rooms %s', (rooms) => {
  let world: World;
  let owner: Client;
  let flood: Caller[] = [];
  let answers: Promise<object[]>;
  const hanging = async (count: number): Promise<void> => {
    while ((await world.sql(WAITING)).length < count) await pause(20);
  };

  beforeAll(async () => {
    world = await openWorld({ rooms });
    owner = new Client({ connectionString: world.ownerUrl });
    await owner.connect();
    await owner.query('begin; lock table buildings.building in access exclusive mode');
    flood = Array.from({ length: MOST / 4 }, () =>
      Caller.of(world.hub.url, join(world.home, 'certs'), 'district-310104'),
    );
    answers = Promise.all(flood.flatMap((caller) => [1, 2, 3, 4].map(() => caller.ask(HANGING))));
    // Whoever looks at them is another test's; those that end with it are nobody's.
    answers.catch(() => undefined);
    await hanging(4);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(flood.map((caller) => caller.close()));
    await owner.end();
    await world.close();
  });

  test('those of one tenant stop no other: it is answered, by the same room too', async () => {
    for (let n = 0; n < 10; n++) {
      const asked = '{ buildingTypes(first: 1) { nodes { code } } energyItems(first: 1) { nodes { code } } }';
      expect((await world.as('enterprise-a').ask(asked)).errors).toBeUndefined();
    }
  }, 15_000);

  test('those of four tenants take all connections, and /readyz says that every room answers', async () => {
    const others = ['district-310101', 'national', 'enterprise-a'].map((name) => world.as(name));
    const more = others.flatMap((caller) => [1, 2, 3, 4].map(() => caller.ask(HANGING)));
    await hanging(8);
    const answer = await fetch(`${world.hub.operationsUrl}/readyz`);

    expect(await answer.json()).toMatchObject({ ready: true, out: [] });
    await owner.query('rollback');
    expect([...(await answers), ...(await Promise.all(more))].filter((one) => 'errors' in one)).toEqual([]);
  }, 15_000);
});
