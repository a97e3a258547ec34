import { tableOf } from '../../../../subgraphs/metering/statistics/disclosure/table.js';
import { builtHub } from '../../../scripts/built-hub.js';
import { openWorld, type World } from '../../../world/world.js';
import { boundsOf } from './attacker.js';
import {
  CELLS,
  type Cell,
  contributions,
  corrected,
  publish,
  registerCity,
  report,
  theMonth,
  type Edition,
  STATISTICS,
} from './city.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await registerCity(world);
  await report(world, theMonth());
}, 60_000);
afterAll(() => world.close());

const EDITION = `query ($month: LocalDate!, $revision: Int) {
  statisticsEdition(month: $month, revision: $revision) { id revision sha256 content acknowledgedAt ${CELLS} } }`;

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
  expect(at('310000', null)).toMatchObject({ withheld: null, subjects: 25 });
});

test('publishing again without a change gives the same edition', async () => {
  const { id } = await edition('district-310104');
  expect(await publish(world)).toMatchObject({ id, revision: 1 });
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

const GROUPINGS = [[], ['AREA'], ['BUILDING_TYPE'], ['BUILDING_FUNCTION'], ['AREA', 'BUILDING_TYPE']];

test('of its own area a district gets exact figures, of any other none, however it asks', async () => {
  const district = world.as('district-310101');
  for (const area of ['310000', '310104', '100000', '310100']) {
    for (const step of ['DAY', 'MONTH', 'YEAR', 'HOUR']) {
      for (const by of GROUPINGS) {
        const { data, errors } = await district.ask(STATISTICS, { area, step, by });
        expect([data?.['statistics'], errors?.[0]?.extensions.rule]).toEqual([null, 'statistics/own-area']);
      }
    }
  }
  const { statistics } = await district.mustAsk<{ statistics: { nodes: object[] } }>(STATISTICS, {
    area: '310101',
    step: 'MONTH',
    by: ['BUILDING_TYPE'],
  });
  expect(statistics.nodes).toHaveLength(3);
  expect(statistics.nodes[0]).toEqual({
    ...{ area: null, buildingType: 'A', energyItem: '01000', unit: 'kWh', total: '1028', subjects: 4 },
    ...{ buildings: 4, floorAreaM2: '4000', perSquareMetre: '0.257', coalEquivalent: { value: '0.1263412' } },
  });
});

test('figures are by the hour and by the year, page by page', async () => {
  const ask = async (
    step: string,
    more: string,
  ): Promise<{ nodes: object[]; pageInfo: { endCursor: string } }> => {
    const query = `{ statistics(area: "310101", from: "2026-01-01", to: "2026-01-31", step: ${step}, ${more}) {
      nodes { from to hour total due } pageInfo { endCursor } } }`;
    const answer = await world
      .as('district-310101')
      .mustAsk<{ statistics: Awaited<ReturnType<typeof ask>> }>(query);
    return answer.statistics;
  };
  const month = { from: '2026-01-01', to: '2026-01-31' };
  expect((await ask('YEAR', 'first: 9')).nodes).toEqual([{ ...month, hour: null, total: '3108', due: 288 }]);
  const { nodes, pageInfo } = await ask('HOUR', 'first: 1');
  const day = { from: '2026-01-15', to: '2026-01-15', due: 12 };
  expect(nodes).toEqual([{ ...day, hour: 0, total: '3108' }]);
  const rest = await ask('HOUR', `first: 50, after: "${pageInfo.endCursor}"`);
  expect(rest.nodes).toHaveLength(23);
  expect(rest.nodes[0]).toEqual({ ...day, hour: 1, total: '0' });
});

test('a district that gathers every answer there is cannot tell what its neighbour’s only office used', async () => {
  const own = new Map<string, number>();
  for (const by of [[], ['BUILDING_TYPE']]) {
    const asked = { area: '310101', step: 'MONTH', by };
    const { statistics } = await world
      .as('district-310101')
      .mustAsk<{ statistics: { nodes: Cell[] } }>(STATISTICS, asked);
    for (const { buildingType, total } of statistics.nodes)
      own.set(`310101/${buildingType ?? ''}`, Number(total));
  }
  const truth = [theMonth(), theMonth(), corrected()];
  for (const revision of [1, 2, 3]) {
    const table = tableOf(contributions(truth[revision - 1]!));
    const { cells } = await edition('district-310101', revision);
    const known = new Map(
      cells.nodes
        .filter(({ total, isKept }) => total !== null && !isKept)
        .map(({ area, buildingType, total }) => [
          `${area === '310000' ? '' : area}/${buildingType ?? ''}`,
          Number(total),
        ]),
    );
    if (revision === 3) for (const [key, total] of own) known.set(key, total);
    else
      for (const { key, row, amount } of table.values())
        if (row === '310101' && revision === 1) known.set(key, Number(amount));
    const [least, most] = boundsOf(table, { known, least: new Map() }, '310104/A');
    const amount = Number(table.get('310104/A')!.amount);
    expect([least <= amount * 0.9, most >= amount * 1.1]).toEqual([true, true]);
  }
});

test('the command shows, acknowledges and lists; it refuses what is no month', async () => {
  const hub = (...args: string[]): ReturnType<typeof builtHub> =>
    builtHub(world, ['statistics', ...args, '--as', 'district-310101']);
  expect((await hub('publish', '2026-01')).err).toMatch(/^SCOPE_MISSING/);
  expect((await hub('show', 'January')).err).toMatch('is no month');
  expect((await hub('show', '2026-01')).out).toMatch(/310104 +A +01000 +- +kWh +- +- +TOO_FEW/);
  expect((await hub('acknowledge', '2026-01')).out).toMatch(/^Acknowledged sed_/);
  expect((await hub('list')).out).toMatch(/2026-01 +310000 +3 /);
});

test('a building is told where it stands among its peers, by what is published alone', async () => {
  const { building } = await world.as('district-310101').mustAsk<{ building: { intensity: object } }>(`{
    building(id: "310101D001") { intensity { peers(month: "2026-01-01") {
      unit own band savingPotential peers { buildings subjects p25 p50 } history { year perSquareMetre } } } } }`);
  expect(building.intensity).toEqual({
    peers: {
      ...{ unit: 'kWh', own: '0.242', band: 'P10_TO_P25', savingPotential: '0' },
      peers: { buildings: 11, subjects: 11, p25: '0.243', p50: '0.263' },
      history: [2025, 2024, 2023].map((year) => ({ year, perSquareMetre: null })),
    },
  });
});
