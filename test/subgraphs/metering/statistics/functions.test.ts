import { aBuilding, aMeter, anEnterprise, has, usccOf } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const HOUSES = [
  { id: '310101A001', functionCode: 'government_office', amount: 10 },
  { id: '310101A002', functionCode: 'office', amount: 200 },
  { id: '310101A003', functionCode: 'office', amount: 3000 },
  { id: '310101A004', functionCode: null, amount: 40_000 },
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const district = world.as('district-310101');
  await has(district, {
    enterprises: [anEnterprise({ uscc: usccOf(1) })],
    buildings: HOUSES.map(({ id, functionCode }) => aBuilding({ id, functionCode, ownerUscc: usccOf(1) })),
    meters: HOUSES.map(({ id }) => aMeter({ id, buildingId: id, intervalMinutes: 1440 })),
  });
  await district.upload(
    HOUSES.map(({ id, amount }) => ({ meter: id, date: '2026-01-05', interval: 1440, values: [amount] })),
  );
}, 60_000);
afterAll(() => world.close());

const REGISTER = `mutation ($rows: [BuildingInput!]!) { registerBuildings(buildings: $rows) { id } }`;

test.each([
  ['of another type', 'hotel'],
  ['that is none', 'palace'],
])('a function %s is refused, and the ones there are are named', async (_what, functionCode) => {
  const rows = [aBuilding({ id: '310101A009', functionCode, ownerUscc: usccOf(1) })];
  const { errors } = await world.as('district-310101').ask(REGISTER, { rows });
  expect(errors).toMatchObject([
    {
      message: `310101A009: ${functionCode} is no function of a building of type A.`,
      extensions: { code: 'BAD_USER_INPUT', remedy: 'Name one of government_office, office, or none.' },
    },
  ]);
  expect(await world.sql(`select from buildings.building where id = '310101A009'`)).toEqual([]);
});

test('the database keeps a function to its type, whoever writes', async () => {
  const change = `update buildings.building set function_code = 'hotel' where id = '310101A001'`;
  await expect(world.sql(change)).rejects.toMatchObject({ code: '23503' });
});

const FIGURES = (by: string, first = 9, after = ''): string =>
  `{ statistics(area: "310101", from: "2026-01-01", to: "2026-01-31", step: MONTH, by: ${by}, first: ${first} ${after}) {
    nodes { buildingType buildingFunction total buildings } pageInfo { endCursor } } }`;

interface Answer {
  statistics: { nodes: object[]; pageInfo: { endCursor: string } };
}

test('figures by function are refused to who may not read the buildings; by type they are not', async () => {
  const scope = `tenant = 'district-310101' and category = 'buildings' and action = 'read'`;
  await world.sql(`update tenants.scope set valid_to = now() where ${scope}`);
  await world.registryCatchesUp();
  try {
    const { data, errors } = await world.as('district-310101').ask(FIGURES('[BUILDING_FUNCTION]'));
    expect([data, errors]).toMatchObject([
      { statistics: null },
      [{ extensions: { code: 'ROW_OUT_OF_REACH', rule: 'statistics/own-area' } }],
    ]);
    expect(errors?.[0]?.message).toMatch('buildings:read');
    const answer = await world.as('district-310101').mustAsk<Answer>(FIGURES('[BUILDING_TYPE]'));
    expect(answer.statistics.nodes).toMatchObject([{ buildingType: 'A', total: '43210' }]);
  } finally {
    await world.sql(`update tenants.scope set valid_to = null where ${scope}`);
    await world.registryCatchesUp();
  }
});

test('figures are told apart by function, page by page; what is not registered stands apart', async () => {
  const district = world.as('district-310101');
  const all = [
    { buildingType: null, buildingFunction: null, total: '40000', buildings: 1 },
    { buildingType: null, buildingFunction: 'government_office', total: '10', buildings: 1 },
    { buildingType: null, buildingFunction: 'office', total: '3200', buildings: 2 },
  ];
  const { statistics: first } = await district.mustAsk<Answer>(FIGURES('[BUILDING_FUNCTION]', 1));
  expect(first.nodes).toEqual(all.slice(0, 1));
  const after = `after: "${first.pageInfo.endCursor}"`;
  const { statistics: rest } = await district.mustAsk<Answer>(FIGURES('[BUILDING_FUNCTION]', 9, after));
  expect(rest.nodes).toEqual(all.slice(1));
  const { statistics: whole } = await district.mustAsk<Answer>(FIGURES('[]'));
  expect(whole.nodes).toMatchObject([{ buildingFunction: null, total: '43210' }]);
});

test('a list of buildings can be asked for by function', async () => {
  const answer = await world
    .as('district-310101')
    .mustAsk(`{ buildings(functionCodes: ["office"]) { nodes { id functionCode } } }`);
  expect(answer).toEqual({
    buildings: {
      nodes: ['310101A002', '310101A003'].map((id) => ({ id, functionCode: 'office' })),
    },
  });
});
