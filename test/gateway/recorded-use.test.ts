import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 60_000);
afterAll(() => world.close());

const last = async () => {
  const [row] = await world.sql<{ facts: string }>(
    `select facts from ledger.entry where facts::json ->> 'permissions' is not null order by sequence desc limit 1`,
  );
  return (JSON.parse(row?.facts ?? '{}') as { permissions: string[] }).permissions;
};

test('the ledger names what node(id) may have looked through, and only that', async () => {
  await world.as('district-310101').mustAsk('{ node(id: "a-gate") { id } }');
  expect(await last()).toEqual(expect.arrayContaining(['meters:read', 'buildings:read', 'packages:read']));

  await world.as('enterprise-a').mustAsk('{ node(id: "a-gate") { id } }');
  expect(await last()).toContain('meters:read');
  expect(await last()).not.toContain('packages:read');
});
