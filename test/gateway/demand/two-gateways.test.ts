import { setTimeout as pause } from 'node:timers/promises';
import { openWorld, type World } from '../../world/world.js';
import { aGateway, ended, type Gateway } from './gateway-process.js';

/** Objects a minute; a request comes to two. */
const BUDGET = 240;

const SETTINGS = { HUB_BUDGET_UNATTENDED: String(BUDGET), HUB_NIGHT_HOURS: '0-0' };

let world: World;
const gateways: Gateway[] = [];
beforeAll(async () => {
  world = await openWorld();
  gateways.push(...(await Promise.all([1, 2].map(() => aGateway(world, 'enterprise-a', SETTINGS)))));
}, 120_000);
afterAll(async () => {
  await Promise.all(gateways.map(ended));
  await world.close();
});

/** How many of so many requests are answered. */
async function answered({ caller }: Gateway, requests: number): Promise<number> {
  const body = JSON.stringify({ query: '{ me { tenant } }' });
  const replies = await Promise.all(
    Array.from({ length: requests }, () =>
      caller.send('POST', '/graphql', body, { 'content-type': 'application/json' }),
    ),
  );
  return replies.filter(({ status }) => status === 200).length;
}

test('two gateways on one database answer a tenant no more together than its budget', async () => {
  const before = performance.now();
  const each = await Promise.all(gateways.map((gateway) => answered(gateway, 200)));
  const seconds = (performance.now() - before) / 1_000;

  const objects = 2 * (each[0]! + each[1]!);
  expect(Math.min(...each)).toBeGreaterThan(0);
  expect(objects).toBeLessThanOrEqual(BUDGET + (BUDGET / 60) * seconds + 1);
  expect(objects).toBeGreaterThan(BUDGET / 2);
}, 60_000);

test('what a gateway held when it ended is there for the others', async () => {
  const [one] = gateways as [Gateway];
  // From an hour ahead nothing comes in by the clock.
  const stopped = `at = now() + interval '1 hour'`;
  const left = async (): Promise<number> => {
    const [row] = await world.sql<{ tokens: number }>('select tokens from demand.budget');
    return row!.tokens;
  };
  await world.sql(`update demand.budget set tokens = ${BUDGET}, ${stopped}`);
  // It was told a moment ago that nothing is left.
  while ((await answered(one, 1)) === 0) await pause(100);
  await world.sql(`update demand.budget set ${stopped}`);
  const before = await left();
  await ended(one);

  expect(before).toBeLessThan(BUDGET);
  expect(await left()).toBeGreaterThan(before);
}, 60_000);
