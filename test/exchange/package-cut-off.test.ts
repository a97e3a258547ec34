import { setTimeout as pause } from 'node:timers/promises';
import { aConsent, addScope, aScope, pastEvents, recordConsents } from '../world/admin.js';
import { USCC_A } from '../world/parties.js';
import type { Caller } from '../world/caller.js';
import { aBuilding, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { daily, type Package } from './packages.js';

/** More than operating systems keep for a reader that has fallen asleep. */
const LARGE = 5_000_000;
/** What may be on its way, or with the reader already, when the connection is cut. */
const ON_ITS_WAY = 1_000_000;

let world: World;
let third: Caller;
let large: Package;
beforeAll(async () => {
  world = await openWorld();
  await has(world.as('district-310101'), { enterprises: [anEnterprise()], buildings: [aBuilding()] });
  await world.sql(`insert into metering.meter (id, name, building, subject, area, level, energy_item, unit, interval_minutes, platform)
    select 'm' || n, 'M', '310101A001', '${USCC_A}', '310101', 1, '01000', 'kWh', 1, 'district-310101' from generate_series(1, 1000) as n`);
  await world.sql(`select metering.ensure_month('2026-01-01')`);
  await world.sql(`insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
    select '2026-01-01', id, area, subject, 1, 0, made.values, 0, 1440, 'bat_1' from metering.meter
    cross join lateral (select array_agg((random() * 1e9)::bigint) as values from generate_series(1, 1440) where id <> '') as made`);
  await addScope(
    world,
    aScope({ tenant: 'service-co', area: '310000', category: 'packages', purposes: ['ENERGY_SERVICE'] }),
  );
  await recordConsents(world, world.as('enterprise-a'), aConsent({ categories: ['readings', 'meters'] }));
  third = world.as('service-co');
  large = await daily(third, '2026-01-01');
}, 120_000);
afterAll(() => world.close());

/** Asks for the first part and reads a little of it; then reads the rest, however much still comes. */
async function slowDownload(): Promise<{ rest: () => Promise<{ bytes: number; isWhole: boolean }> }> {
  const { body } = await third.pool.request({ method: 'GET', path: `/packages/${large.id}/parts/1` });
  const reader = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let bytes = ((await reader.next()).value as Buffer).length;
  const rest = async (): Promise<{ bytes: number; isWhole: boolean }> => {
    try {
      for (let next = await reader.next(); !next.done; next = await reader.next()) bytes += next.value.length;
      return { bytes, isWhole: true };
    } catch {
      return { bytes, isWhole: false };
    }
  };
  return { rest };
}

const LOSSES = [
  [
    'scope',
    `update tenants.scope set valid_to = now() where tenant = $1 and category = 'readings'`,
    `update tenants.scope set valid_to = null where tenant = $1 and category = 'readings'`,
  ],
  [
    'consent',
    `update tenants.consent set status = 'REVOKED', ended_at = now() where recipient = $1`,
    `update tenants.consent set status = 'GRANTED', ended_at = null where recipient = $1`,
  ],
  // For ever, so it comes last.
  ['certificate', `update tenants.certificate set status = 'REVOKED' where tenant = $1`, undefined],
] as const;

test('who loses nothing reads as slowly as it likes, to the end', async () => {
  const { rest } = await slowDownload();
  await pause(1_000);

  const { bytes, isWhole } = await rest();

  expect(isWhole).toBe(true);
  expect(bytes).toBeGreaterThan(LARGE);
});

test.each(LOSSES)(
  'who loses the %s during a download gets nothing of it any more a second later, however slowly it reads',
  async (_, lose, regain) => {
    const { rest } = await slowDownload();
    await pastEvents(world, lose, ['service-co']);
    await pause(1_000);

    const { bytes, isWhole } = await rest();

    expect(isWhole).toBe(false);
    expect(bytes).toBeLessThan(ON_ITS_WAY);
    if (regain) await pastEvents(world, regain, ['service-co']);
    await world.registryCatchesUp();
  },
);
