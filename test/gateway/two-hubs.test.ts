import { aBuilding, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** A world where the building has this name. */
async function opened(name: string): Promise<World> {
  const world = await openWorld();
  open.push(world);
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise()],
    buildings: [aBuilding({ name })],
  });
  return world;
}

test('two hubs of one process answer the same document each from its own rooms, and one outlives the other', async () => {
  const [one, other] = [await opened('Here'), await opened('There')];
  const ask = (world: World) =>
    world.as('district-310101').ask('{ building(id: "310101A001") { name owner { name } } }');
  const named = (name: string): object => ({ data: { building: { name, owner: { name: 'Works' } } } });

  expect(await Promise.all([ask(one), ask(other)])).toEqual([named('Here'), named('There')]);

  await open.shift()?.close();
  expect(await ask(other)).toEqual(named('There'));
}, 120_000);
