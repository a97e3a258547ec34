import { Client } from 'pg';
import { aConsent, recordConsents } from '../world/admin.js';
import { smallCity, USCC_B } from '../world/city.js';
import { aGrant } from '../world/grants.js';
import { USCC_A } from '../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const district = () => world.as('district-310101');
const EARLIER = '{ earlierRegistrations { nodes { number area replacedBy values { field value } } } }';

interface Earlier {
  number: number;
  area: string;
  replacedBy: string;
  values: Record<string, string | null>;
}

async function earlier(object: string, as = 'district-310101'): Promise<Earlier[] | null> {
  const { one } = await world.as(as).mustAsk<{
    one: { earlierRegistrations: { nodes: (Omit<Earlier, 'values'> & { values: Pair[] })[] } } | null;
  }>(`{ one: ${object} ${EARLIER} }`);
  const read = (values: Pair[]): Earlier['values'] =>
    Object.fromEntries(values.map(({ field, value }) => [field, value]));
  return one && one.earlierRegistrations.nodes.map((node) => ({ ...node, values: read(node.values) }));
}
interface Pair {
  field: string;
  value: string | null;
}

const A = `enterprise(uscc: "${USCC_A}")`;
const HOUSE = 'building(id: "310101A001")';

test('registering the same again keeps nothing and changes nothing; neither does a line that says less', async () => {
  const all = (): Promise<object[]> =>
    world.sql(`select to_jsonb(row) from (select * from enterprises.enterprise where uscc = '${USCC_A}') as row
      union all select to_jsonb(row) from (select * from buildings.building where id = '310101A001') as row
      union all select to_jsonb(row) from (select * from metering.meter where id = 'a-light') as row`);
  const before = await all();
  const { id, name, level, energyItem, unit } = aMeter({ id: 'a-light', level: 2, energyItem: '01A00' });
  await has(district(), {
    enterprises: [anEnterprise({ name: 'A' })],
    buildings: [aBuilding()],
    meters: [{ id: id!, name: name!, level: level!, energyItem: energyItem!, unit: unit! }],
  });

  expect(await all()).toEqual(before);
  for (const object of [A, HOUSE, 'meter(id: "a-light")']) expect(await earlier(object)).toEqual([]);
});

test('what a registration replaces is kept: which values, exactly, until when and by whom', async () => {
  await has(district(), {
    enterprises: [anEnterprise({ name: 'Renamed', annualTce: null })],
    meters: [aMeter({ id: 'a-light', name: 'Lamps', level: 3, energyItem: '01A10' })],
  });
  await has(district(), { enterprises: [anEnterprise({ name: 'Again', annualTce: '7.10' })] });

  const by = { area: '310101', replacedBy: 'district-310101' };
  expect(await earlier(A)).toEqual([
    { number: 2, ...by, values: { name: 'Renamed', annualTce: null } },
    { number: 1, ...by, values: { name: 'A', annualTce: '10000.5' } },
  ]);
  expect(await earlier('meter(id: "a-light")')).toEqual([
    { number: 1, ...by, values: { name: 'Gate', level: '2', energyItem: '01A00' } },
  ]);
  const [kept] = await world.sql<{ before: object; request: string }>(
    `select before, request from enterprises.enterprise_superseded where number = 1`,
  );
  expect(kept).toMatchObject({ before: { name: 'A', unit_class: 'BAIJIA' }, request: expect.any(String) });
});

test('whoever changes it, the owner of the database too', async () => {
  await world.sql(`update metering.metered_place set name = 'x'`);
  await world.sql(`update buildings.building set name = 'By hand' where id = '310101B001'`);
  expect(await earlier('building(id: "310101B001")')).toEqual([
    { number: 1, area: '310101', replacedBy: 'console', values: { name: 'House 310101B001' } },
  ]);
});

test('it is seen as the row was then: the next owner sees nothing of before, a neighbour and a stranger nothing at all', async () => {
  await recordConsents(world, world.as('enterprise-a'), aConsent({ categories: ['buildings'] }));
  await has(district(), { buildings: [aBuilding({ ownerUscc: USCC_B, address: 'New street' })] });

  expect(await earlier(HOUSE)).toMatchObject([{ values: { ownerUscc: USCC_A, address: null } }]);
  expect(await earlier(HOUSE, 'district-310104')).toBeNull();
  expect(await earlier(HOUSE, 'service-co')).toBeNull();
  expect([await keptOf(USCC_A), await keptOf(USCC_B)]).toEqual([1, 0]);
});

/** How many earlier registrations of the house a reach of one owner alone shows. */
async function keptOf(uscc: string): Promise<number> {
  const grant = aGrant({ reach: { 'buildings:read': { areas: [], subjects: [uscc] } } });
  const client = new Client({ connectionString: world.databases.FORMAL.rooms });
  await client.connect();
  await client.query(`select set_config('hub.grant', $1, false)`, [JSON.stringify(grant)]);
  const { rowCount } = await client.query(
    `select key from buildings.building_superseded where key = '310101A001'`,
  );
  await client.end();
  return rowCount ?? 0;
}
