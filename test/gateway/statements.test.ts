import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aBuilding, aMeter, anAudit, anEnterprise, has, usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

const QUERY = readFileSync(join(import.meta.dirname, '..', 'queries', 'buildings-with-all.graphql'), 'utf8');

/** Two meters, two audits and an owner of its own for each of 50 buildings in two districts. */
async function fiftyBuildings(world: World): Promise<void> {
  for (const [area, from] of [
    ['310101', 1],
    ['310104', 26],
  ] as const) {
    const numbers = Array.from({ length: 25 }, (_, index) => from + index);
    const id = (number: number): string => `${area}A${String(number).padStart(3, '0')}`;
    await has(world.as(`district-${area}`), {
      enterprises: numbers.map((number) => anEnterprise({ uscc: usccOf(number), area })),
      buildings: numbers.map((number) => aBuilding({ id: id(number), ownerUscc: usccOf(number) })),
      meters: numbers.flatMap((number) =>
        ['a', 'b'].map((name) => aMeter({ id: `${id(number)}-${name}`, buildingId: id(number) })),
      ),
      audits: numbers.flatMap((number) =>
        [2024, 2025].map((year) => anAudit({ buildingId: id(number), year, completedOn: `${year}-06-01` })),
      ),
    });
  }
}

describe('statements', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await fiftyBuildings(world);
  }, 60_000);
  afterAll(() => world.close());

  /** Statements by their text, without the values that MikroORM writes into them. */
  async function statements(query: string): Promise<string[]> {
    world.forget();
    await world.as('municipal').mustAsk(query, {}, { 'x-hub-purpose': 'SUPERVISION' });
    return world.queries
      .map((text) => text.replace(/'(?:[^']|'')*'/g, '?').replace(/\?(, \?)+/g, '?'))
      .sort();
  }

  test('buildings with owner, meters and latest audit: four rooms, one statement each, however many buildings', async () => {
    const five = await statements(QUERY.replace('first: 50', 'first: 5'));

    expect(five.filter((text) => text.startsWith('select') && !text.includes('set_config'))).toHaveLength(4);
    expect(five).toHaveLength(16);
    expect(await statements(QUERY.replace('first: 50', 'first: 20'))).toEqual(five);
    expect(await statements(QUERY)).toEqual(five);
  });

  test('the answer to it is whole: 50 buildings, each with its own owner, two meters, the audit of 2025', async () => {
    type Node = Record<'id', string> & {
      owner: { uscc: string };
      meters: { nodes: { id: string }[] };
      energyAudits: { nodes: object[] };
    };
    const { buildings } = await world
      .as('national')
      .mustAsk<{ buildings: { nodes: Node[] } }>(QUERY, {}, { 'x-hub-purpose': 'SUPERVISION' });

    expect(buildings.nodes).toHaveLength(50);
    for (const [index, { id, owner, meters, energyAudits }] of buildings.nodes.entries()) {
      expect(owner.uscc).toBe(usccOf(index + 1));
      expect(meters.nodes.map((meter) => meter.id)).toEqual([`${id}-a`, `${id}-b`]);
      expect(energyAudits.nodes).toEqual([{ year: 2025, conclusion: 'Saves little.' }]);
    }
  });

  const AROUND: [string, (first: number) => string][] = [
    ['meters with parent, children, building, days and sums', (first) => `{ meters(first: ${first}) { nodes { parent { id }
      children { nodes { id } } building { owner { name } } days(from: "2026-01-01", to: "2026-01-02") { nodes { total } }
      consumption(from: "2026-01-01", to: "2026-01-02") { total } } } }`],
    ['enterprises with everything about them', (first) => `{ enterprises(first: ${first}) { nodes { buildings { nodes { name
      consumption(from: "2026-01-01", to: "2026-01-02") { total } } } meters { nodes { id } } energyAudits { nodes { building { name } } }
      meteringReviews { nodes { id } } inspections { nodes { documents { nodes { name } } findings { nodes { place } } } } } } }`],
    ['audits back to building, owner and its meters', (first) => `{ energyAudits(first: ${first}) { nodes { building { owner { name
      meters { nodes { id } } } } enterprise { area } } } }`],
  ]; // prettier-ignore
  test.each(AROUND)('%s: as many statements for 5 as for 50', async (_what, query) => {
    const five = await statements(query(5));

    expect(await statements(query(50))).toEqual(five);
  });
});
