import { refusalOf } from './refusals.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const ask = (fields: string) =>
  world.as('district-310101').send(
    'POST',
    '/graphql',
    JSON.stringify({
      query: `{ meters(first: 100) { nodes { days(from: "2025-01-01", to: "2026-01-01", first: 366) { nodes { ${fields} } } } } }`,
    }),
    { 'content-type': 'application/json' },
  );

test('a year of totals of a hundred meters is answered, a year of their values is too wide', async () => {
  expect((await ask('date total')).status).toBe(200);
  expect(refusalOf(await ask('date values'))).toEqual([400, 'QUERY_TOO_WIDE']);
});
