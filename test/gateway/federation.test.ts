import { openWorld, type World } from '../world/world.js';
import { USCC_A } from '../world/parties.js';

describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
  }, 120_000);
  afterAll(() => world.close());

  test('a caller without a scope for a category gets null and the rule, and the rest of the answer', async () => {
    const answer = await world.as('service-co').ask('{ me { tenant } tenants { nodes { id } } }');

    expect(answer.data).toEqual({ me: { tenant: 'service-co' }, tenants: null });
    expect(answer.errors).toMatchObject([{ path: ['tenants'], extensions: { code: 'SCOPE_MISSING', rule: 'scope/named' } }]);
  });

  test('what a district registers and uploads is there for it, its city and its owner, and for no neighbour', async () => {
    const district = world.as('district-310101');
    await district.mustAsk('mutation ($rows: [EnterpriseInput!]!) { registerEnterprises(enterprises: $rows) { uscc } }', {
      rows: [{ uscc: USCC_A, name: 'A', area: '310101' }],
    });
    await district.mustAsk('mutation ($rows: [BuildingInput!]!) { registerBuildings(buildings: $rows) { id } }', {
      rows: [{ id: '310101A001', name: 'House', typeCode: 'A', area: '310101', ownerUscc: USCC_A }],
    });
    await district.mustAsk('mutation ($rows: [MeterInput!]!) { registerMeters(meters: $rows) { id } }', {
      rows: [{ id: 'm1', name: 'Gate', buildingId: '310101A001', level: 1, energyItem: '01000', unit: 'kWh', intervalMinutes: 60 }],
    });
    const { status, json } = await district.upload([{ meter: 'm1', date: '2026-01-01', interval: 60, values: Array(24).fill(0.1) }]);
    expect([status, json]).toMatchObject([200, { accepted: 1, quarantined: 0 }]);

    const query = `{ buildings { nodes { id owner { name meters { nodes { id } } }
      consumption(from: "2026-01-01", to: "2026-01-31") { total unit } } } }`;
    const house = { id: '310101A001', owner: { name: 'A', meters: { nodes: [{ id: 'm1' }] } }, consumption: { total: '2.4', unit: 'kWh' } };
    expect(await district.ask(query)).toEqual({ data: { buildings: { nodes: [house] } } });
    expect(await world.as('enterprise-a').ask(query)).toEqual({ data: { buildings: { nodes: [house] } } });
    expect(await world.as('municipal').ask(query, {}, { 'x-hub-purpose': 'SUPERVISION' })).toEqual({ data: { buildings: { nodes: [house] } } });
    expect(await world.as('district-310104').ask(query)).toEqual({ data: { buildings: { nodes: [] } } });
  });
});
