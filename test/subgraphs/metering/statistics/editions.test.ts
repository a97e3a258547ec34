import { createHash } from 'node:crypto';
import { openWorld, type World } from '../../../world/world.js';
import { CELLS, type Cell, publish, registerCity, report, theMonth } from './city.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await registerCity(world);
  await report(world, theMonth());
}, 60_000);
afterAll(() => world.close());

const EDITION = `query ($month: LocalDate!, $revision: Int) {
  statisticsEdition(month: $month, revision: $revision) { id revision sha256 content acknowledgedAt ${CELLS} } }`;

interface Edition {
  id: string;
  revision: number;
  sha256: string;
  content: string;
  acknowledgedAt: string | null;
  cells: { nodes: Cell[] };
}

async function edition(as: string, revision?: number): Promise<Edition> {
  const variables = { month: '2026-01-01', revision };
  const { statisticsEdition } = await world
    .as(as)
    .mustAsk<{ statisticsEdition: Edition }>(EDITION, variables);
  return statisticsEdition;
}

async function refusal(as: string, query: string): Promise<string> {
  const caller = as === 'municipal' ? world.as(as).for('SUPERVISION') : world.as(as);
  const { errors } = await caller.ask(query);
  return `${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`;
}

const PUBLISH = (month: string): string => `mutation { publishStatistics(month: "${month}") { id } }`;

test('who may not publish, a month that is not over, and one that is no month are refused', async () => {
  expect(await refusal('district-310101', PUBLISH('2026-01-01'))).toMatch('SCOPE_MISSING');
  expect(await refusal('municipal', PUBLISH('2026-01-02'))).toMatch('must be the first day of a month');
  const now = new Date().toISOString().slice(0, 7);
  expect(await refusal('municipal', PUBLISH(`${now}-01`))).toMatch('is not over yet');
  expect(await refusal('municipal', PUBLISH('2001-01-01'))).toMatch('NOT_FOUND');
  expect(await refusal('service-co', '{ statisticsEditions { nodes { id } } }')).toMatch('SCOPE_MISSING');
  expect(await refusal('enterprise-a', '{ statisticsEditions { nodes { id } } }')).toMatch('SCOPE_MISSING');
});

test('a city publishes its districts by type; a cell of one enterprise is withheld, and what gives it away', async () => {
  expect(await publish(world)).toMatchObject({ revision: 1 });
  const { cells } = await edition('district-310101');
  const at = (area: string, type: string | null): Partial<Cell> =>
    cells.nodes.find(
      (cell) => cell.area === area && cell.buildingType === type && cell.energyItem === '01000',
    )!;

  expect(at('310104', 'A')).toMatchObject({
    withheld: 'TOO_FEW',
    total: null,
    subjects: null,
    buildings: null,
  });
  expect(at('310101', 'A')).toMatchObject({ total: '1000', subjects: 4, buildings: 4, floorAreaM2: '4000' });
  expect(at('310101', 'A').perSquareMetre).toBe('0.25');
  expect(at('310000', 'A')).toMatchObject({ withheld: 'COMPLEMENTARY' });
  expect(at('310000', null)).toMatchObject({ withheld: null, subjects: 23 });
});

test('publishing again without a change gives the same edition', async () => {
  const { id } = await edition('district-310104');
  expect(await publish(world)).toMatchObject({ id, revision: 1 });
});

test('an edition is acknowledged by its hash alone; who has not is listed for who published it', async () => {
  const { id, sha256, content } = await edition('district-310104');
  expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  const acknowledge = (hash: string): string =>
    `mutation { acknowledgeStatistics(id: "${id}", sha256: "${hash}") { tenant receipt } }`;
  expect(await refusal('district-310104', acknowledge('0'.repeat(64)))).toMatch('PACKAGE_HASH_MISMATCH');

  const once = await world.as('district-310104').mustAsk(acknowledge(sha256));
  expect(await world.as('district-310104').mustAsk(acknowledge(sha256))).toEqual(once);

  expect((await edition('district-310104')).acknowledgedAt).not.toBeNull();
  expect((await edition('district-310101')).acknowledgedAt).toBeNull();
  const asked = `{ statisticsEdition(month: "2026-01-01") { unacknowledged receipts { tenant } } }`;
  expect(await world.as('municipal').for('SUPERVISION').mustAsk(asked)).toEqual({
    statisticsEdition: { unacknowledged: ['310101'], receipts: [{ tenant: 'district-310104' }] },
  });
  expect(await refusal('district-310101', asked)).toMatch('SCOPE_MISSING');
});

test('nothing that is published can be changed, not by its owner either', async () => {
  for (const table of ['edition', 'cell', 'contribution', 'receipt']) {
    await expect(world.sql(`delete from metering.statistics_${table}`)).rejects.toThrow();
  }
});

test('a later correction makes a revision; what would tell of one stays as it was said', async () => {
  const before = await edition('district-310104');
  // One of four in an inner cell of the neighbour, and one of three.
  await report(world, [{ ...theMonth()[0]!, amount: 260 }]);
  expect(await publish(world)).toMatchObject({ revision: 2 });
  const after = await edition('district-310104');

  expect(after.cells.nodes.filter(({ isKept }) => isKept).length).toBeGreaterThan(0);
  expect(after.cells.nodes.map(({ total }) => total)).toEqual(before.cells.nodes.map(({ total }) => total));
  expect(await edition('district-310104', 1)).toEqual(before);
});

test('where several correct, the revision says so', async () => {
  const changed = theMonth().filter(({ meter }) => meter.startsWith('310101'));
  await report(
    world,
    changed.map((one) => ({ ...one, amount: one.amount + 7 })),
  );
  expect(await publish(world)).toMatchObject({ revision: 3 });
  const { cells } = await edition('national');
  const city = cells.nodes.find(({ area, buildingType }) => area === '310000' && buildingType === null);
  expect(city).toMatchObject({
    isKept: false,
    total: String(theMonth().reduce((sum, one) => sum + one.amount, 0) + 7 * changed.length),
  });
});
