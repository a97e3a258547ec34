import { refusalOf } from '../gateway/refusals.js';
import { openWorld, type World } from '../world/world.js';
import { daily, part } from './packages.js';
import { day, meters, upload } from './sample.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  await upload(world, `${day('m1', '2026-01-01')}\n`);
}, 120_000);
afterAll(() => world.close());

test('a package is handed out for the purpose it was built for, and for no other', async () => {
  const supervision = world.as('municipal').for('SUPERVISION');
  const operation = world.as('municipal').for('PLATFORM_OPERATION');
  const { id, manifestUrl } = await daily(supervision, '2026-01-01');

  expect(refusalOf(await operation.send('GET', manifestUrl))).toEqual([404, 'NOT_FOUND']);
  expect(refusalOf(await part(operation, id, 1))).toEqual([404, 'NOT_FOUND']);
  expect((await supervision.send('GET', manifestUrl)).status).toBe(200);
  expect((await part(supervision, id, 1)).status).toBe(200);
});
