import pg from 'pg';
import { readReference } from '../../subgraphs/runtime/reference.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const TABLES = {
  'buildings.building_type': 'building_types.csv',
  'buildings.building_function': 'building_functions.csv',
  'buildings.monthly_eui': 'monthly_eui.csv',
  'metering.energy_class': 'energy_classes.csv',
  'metering.energy_item': 'energy_items.csv',
  'metering.energy_unit': 'energy_units.csv',
  'metering.coal_energy': 'coal_energies.csv',
  'metering.coal_edition': 'coal_editions.csv',
  'metering.coal_coefficient': 'coal_coefficients.csv',
  'metering.equal_value_coefficient': 'equal_value_coefficients.csv',
  'metering.class_energy': 'class_energies.csv',
  'metering.unit_factor': 'unit_factors.csv',
  'metering.fit_out_kind': 'fit_out_kinds.csv',
  'metering.fit_out_edition': 'fit_out_editions.csv',
  'metering.fit_out_rate': 'fit_out_rates.csv',
  'metering.fit_out_threshold': 'fit_out_thresholds.csv',
  'metering.verification_interval': 'verification_intervals.csv',
  'metering.quality_rule': 'quality_rules.csv',
  'metering.quality_parameter': 'quality_parameters.csv',
  'metering.calendar_day': 'calendar_days.csv',
  'enterprises.industry': 'industries.csv',
  'enterprises.key_unit_class': 'key_unit_classes.csv',
  'tenants.area': 'areas.csv',
  'audits.jjf1356_clause': 'jjf1356_clauses.csv',
  'inspections.document_form': 'inspection_documents.csv',
};

describe.each(Object.entries(TABLES))('%s', (table, file) => {
  test('a room changes nothing in it, and reads it without a grant', async () => {
    const client = new pg.Client({ connectionString: world.databases.FORMAL.rooms });
    await client.connect();
    try {
      for (const sql of [`insert into ${table} default values`, `update ${table} set source = 'x'`]) {
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
      await expect(client.query(`delete from ${table}`)).rejects.toMatchObject({ code: '42501' });
      expect((await client.query(`select from ${table}`)).rowCount).toBeGreaterThan(0);
    } finally {
      await client.end();
    }
  });

  test('it holds what the file says, cell by cell', async () => {
    const room = table.slice(0, table.indexOf('.'));
    const rows = readReference(new URL(`../../subgraphs/${room}/room.ts`, import.meta.url).href, file);
    const columns = Object.keys(rows[0] ?? {});
    const cells = columns.map((column) => `coalesce(${column}::text, '') as ${column}`).join(', ');
    const stored = await world.sql<Record<string, string>>(`select ${cells} from ${table}`);
    const sorted = (list: object[]) => list.map((row) => JSON.stringify(row)).sort();
    expect(sorted(stored)).toEqual(sorted(rows));
  });
});

test('a list of codes is bounded like every other list', async () => {
  const answer = await world.as('service-co').ask('{ areas(first: 501) { nodes { code } } }');
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('any registered caller reads codes with their sources, without a scope, page by page', async () => {
  const stranger = world.as('service-co');
  const query = `query ($after: String) { buildingTypes(first: 8, after: $after) {
    nodes { code nameZh storedAs verified } pageInfo { hasNextPage endCursor } } }`;
  const first = await stranger.mustAsk<Answer>(query);
  expect(first.buildingTypes.nodes.at(-1)).toEqual({
    code: 'H',
    nameZh: '其他建筑',
    storedAs: 'Z',
    verified: false,
  });
  const { endCursor: after } = first.buildingTypes.pageInfo;
  const next = await stranger.mustAsk<Answer>(query, { after });
  expect(next.buildingTypes).toMatchObject({ nodes: [{ code: 'Z' }], pageInfo: { hasNextPage: false } });

  const others = `{ energyItems(first: 1) { nodes { code energyClass } }
    industries(first: 1) { nodes { level source } } areas(first: 1) { nodes { nameEn inForce } } }`;
  expect(await stranger.mustAsk(others)).toMatchObject({
    energyItems: { nodes: [{ code: '01000', energyClass: '01' }] },
    industries: { nodes: [{ level: 'DIVISION' }] },
    areas: { nodes: [{ nameEn: 'China', inForce: true }] },
  });
});

interface Answer {
  buildingTypes: { nodes: { code: string }[]; pageInfo: { endCursor: string } };
}
