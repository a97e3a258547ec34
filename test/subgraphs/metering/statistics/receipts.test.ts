import { createHash } from 'node:crypto';
import { addScope } from '../../../world/admin.js';
import type { Caller } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';
import { publish, registerCity, report, theMonth } from './city.js';

let world: World;
let district: Caller;
let city: Caller;
let edition: { id: string; sha256: string; content: string };
beforeAll(async () => {
  world = await openWorld();
  [district, city] = [world.as('district-310104'), world.as('municipal').for('SUPERVISION')];
  await registerCity(world);
  await report(world, theMonth());
  await publish(world);
  const query = '{ statisticsEdition(month: "2026-01-01") { id sha256 content } }';
  ({ statisticsEdition: edition } = await district.mustAsk<{ statisticsEdition: typeof edition }>(query));
}, 120_000);
afterAll(() => world.close());

const acknowledge = (sha256 = edition.sha256): string =>
  `mutation { acknowledgeStatistics(id: "${edition.id}", sha256: "${sha256}") { tenant receipt } }`;

interface Asked {
  acknowledgedAt: string | null;
  receipts: { tenant: string }[];
  unacknowledged: string[] | null;
}

async function asked(who: Caller, fields: string): Promise<Partial<Asked>> {
  const query = `{ statisticsEdition(month: "2026-01-01") { ${fields} } }`;
  return (await who.mustAsk<{ statisticsEdition: Partial<Asked> }>(query)).statisticsEdition;
}

test('another hash is refused, and who does not publish is not told who has it', async () => {
  const { errors } = await district.ask(acknowledge('0'.repeat(64)));
  expect(errors?.[0]?.extensions.code).toBe('PACKAGE_HASH_MISMATCH');
  const refused = await district.ask('{ statisticsEdition(month: "2026-01-01") { unacknowledged } }');
  expect(refused.errors?.[0]?.extensions.code).toBe('SCOPE_MISSING');
  expect(await asked(city, 'unacknowledged')).toEqual({ unacknowledged: ['310101', '310104'] });
});

test('an edition is acknowledged by its hash alone; who has not is listed for who published it', async () => {
  expect(createHash('sha256').update(edition.content).digest('hex')).toBe(edition.sha256);
  const once = await district.mustAsk(acknowledge());
  expect(await district.mustAsk(acknowledge())).toEqual(once);

  expect((await asked(district, 'acknowledgedAt')).acknowledgedAt).not.toBeNull();
  expect(await asked(world.as('district-310101'), 'acknowledgedAt')).toEqual({ acknowledgedAt: null });
  expect(await asked(city, 'unacknowledged receipts { tenant }')).toEqual({
    unacknowledged: ['310101'],
    receipts: [{ tenant: 'district-310104' }],
  });
});

test('an enterprise that has it does not stand for the platform of its district', async () => {
  const scope = { tenant: 'enterprise-a', category: 'statistics', action: 'read', area: '310000' };
  await addScope(world, { ...scope, purposes: ['OWN_MANAGEMENT'] });
  await world.as('enterprise-a').mustAsk(acknowledge());

  expect(await asked(city, 'unacknowledged receipts { tenant }')).toEqual({
    unacknowledged: ['310101'],
    receipts: [{ tenant: 'district-310104' }, { tenant: 'enterprise-a' }],
  });
});

test('who publishes another area sees its own receipt, and is not told that all others lack theirs', async () => {
  const scope = { tenant: 'district-310104', category: 'statistics', action: 'approve', area: '310104' };
  await addScope(world, { ...scope, purposes: ['DATA_REPORTING'] });

  expect(await asked(district, 'unacknowledged receipts { tenant }')).toEqual({
    unacknowledged: null,
    receipts: [{ tenant: 'district-310104' }],
  });
});
