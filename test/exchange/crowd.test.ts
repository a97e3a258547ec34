import { openWorld, type World } from '../world/world.js';
import { day, meters, upload } from './sample.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_DATABASE_POOL: '4' } });
  await meters(world);
}, 120_000);
afterAll(() => world.close());

const CROWD = 24;

test('more uploads under keys than connections to the database: all are answered', async () => {
  const dates = Array.from({ length: CROWD }, (_, n) => `2026-01-${String(n + 1).padStart(2, '0')}`);

  const replies = await Promise.all(
    dates.map((date) => upload(world, day('m1', date), { 'idempotency-key': `k-${date}` })),
  );

  expect(replies.map(({ status }) => status)).toEqual(dates.map(() => 200));
}, 30_000);

test('more packages asked for than connections to the database: all are built', async () => {
  const dates = Array.from({ length: CROWD }, (_, n) => `2026-01-${String(n + 1).padStart(2, '0')}`);
  const query = 'query ($date: LocalDate!) { dailyPackage(date: $date) { blocks } }';

  const answers = await Promise.all(dates.map((date) => world.as('district-310101').ask(query, { date })));

  expect(answers).toEqual(dates.map(() => ({ data: { dailyPackage: { blocks: 1 } } })));
}, 30_000);
