import { openWorld, type World } from '../world/world.js';
import { day, meters, upload } from './sample.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  // What a hub leaves behind that is killed while uploads come in.
  await world.sql(`insert into exchange.batch (id, tenant, area, kind, idempotency_key) values
    ('bat_lost', 'district-310101', '310101', 'READINGS', 'k'), ('bat_other', 'district-310104', '310104', 'READINGS', 'k'),
    ('bat_elsewhere', 'district-310101', '310101', 'READINGS', 'another')`);
});
afterAll(() => world.close());

test('the next try under a key ends those that a killed hub left behind under it, and no others', async () => {
  const { status } = await upload(world, day('m1', '2026-01-01'), { 'idempotency-key': 'k' });

  expect(status).toBe(200);
  expect(
    await world.sql(
      `select id, state from exchange.batch where state <> 'COMPLETE' and idempotency_key is not null order by id`,
    ),
  ).toEqual([
    { id: 'bat_elsewhere', state: 'RECEIVING' },
    { id: 'bat_lost', state: 'INTERRUPTED' },
    { id: 'bat_other', state: 'RECEIVING' },
  ]);
});
