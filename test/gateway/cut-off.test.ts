import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { hours, smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 60_000);
afterAll(() => world.close());

const STORED = `select date::text from metering.day_block where meter = 'a-gate' and date >= '2026-03-01' order by 1`;

/** An upload that is still on its way: it says one day, and more when it is told to. */
function slowUpload() {
  const body = new Readable({ read: () => undefined });
  const say = (date: string): void => void body.push(`${JSON.stringify(hours('a-gate', date, 1))}\n`);
  const answer = world
    .as('district-310101')
    .send('POST', '/upload/readings', body, { 'content-type': 'application/x-ndjson' })
    .then(
      ({ status }) => status,
      () => 'cut off',
    );
  return { body, say, answer };
}

const LOSSES = [
  ['scope', `update tenants.scope set valid_to = now() where tenant = $1 and category = 'readings'`],
  ['declared purpose', `update tenants.purpose_declaration set status = 'ENDED' where tenant = $1`],
  ['certificate', `update tenants.certificate set status = 'SUSPENDED' where tenant = $1`],
  ['tenancy', `update tenants.tenant set status = 'SUSPENDED' where id = $1`],
] as const;

test('an upload on its way goes on while nothing is taken from its sender', async () => {
  const { body, say, answer } = slowUpload();
  say('2026-02-01');
  await pause(1_500);
  say('2026-02-02');
  body.push(null);

  expect(await answer).toBe(200);
});

test.each(LOSSES)(
  'who loses the %s while an upload is on its way is cut off within a second',
  async (_, sql) => {
    const { body, say, answer } = slowUpload();
    say('2026-03-01');
    await pause(200);
    await world.sql(sql, ['district-310101']);
    const lostAt = performance.now();

    expect(await answer).toBe('cut off');
    expect(performance.now() - lostAt).toBeLessThan(1_000);
    say('2026-03-02');
    body.push(null);
    expect((await world.sql<{ date: string }>(STORED)).map(({ date }) => date)).not.toContain('2026-03-02');
    await world.sql(`update tenants.scope set valid_to = null`);
    await world.sql(`update tenants.purpose_declaration set status = 'APPROVED'`);
    await world.sql(`update tenants.certificate set status = 'ACTIVE'`);
    await world.registryCatchesUp();
  },
);
