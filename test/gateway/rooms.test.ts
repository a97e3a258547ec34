import fc from 'fast-check';
import { Client } from 'pg';
import { grantKeys } from '../../gateway/keys.js';
import { rooms as declaredRooms } from '../../subgraphs/index.js';
import { Database } from '../../subgraphs/runtime/database.js';
import { RoomHost } from '../../subgraphs/runtime/host.js';
import { smallCity } from '../world/city.js';
import { aGrant, brokenSeals, sealed } from '../world/grants.js';
import { noServices } from '../world/services.js';
import { openWorld, type World } from '../world/world.js';

const QUERY = { query: '{ buildings { nodes { id } } }' };

const REFERENCE = ['audits.jjf1356_clause', 'buildings.building_function', 'buildings.building_type', 'buildings.monthly_eui', 'enterprises.industry',
  'enterprises.key_unit_class', 'enterprises.progress_setting', 'enterprises.progress_target',
  'inspections.document_form', 'metering.building_quota', 'metering.calendar_day', 'metering.case_rules',
  'metering.class_energy', 'metering.coal_coefficient',
  'metering.coal_edition',
  'metering.coal_energy', 'metering.energy_class', 'metering.energy_item', 'metering.energy_unit',
  'metering.equal_value_coefficient', 'metering.fit_out_edition', 'metering.fit_out_kind', 'metering.fit_out_rate',
  'metering.fit_out_threshold', 'metering.quality_edition', 'metering.quality_parameter', 'metering.quality_rule',
  'metering.quality_setting', 'metering.supply_tolerance', 'metering.unit_factor', 'metering.verification_interval', 'tenants.application_transition',
  'tenants.area', 'tenants.connection_rule']; // prettier-ignore

describe('a room in this process', () => {
  let world: World;
  let database: Database;
  let room: RoomHost;
  const statements: string[] = [];
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    database = new Database({
      url: world.databases.FORMAL.rooms,
      onStatement: (sql) => void statements.push(sql),
    });
    const declared = declaredRooms.find(({ name }) => name === 'buildings');
    if (!declared) throw new Error('there is no room for buildings');
    room = new RoomHost(await declared.build(), {
      databaseOf: async () => database,
      grantKey: (await grantKeys(world.home)).publicKey,
      services: noServices,
      roomOf: () => room,
    });
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await world.close();
  });

  test('refuses every call without a grant that its gateway sealed within the minute, before any statement', async () => {
    statements.length = 0;
    const request = { params: {}, query: {}, headers: {}, body: [] as never };
    for (const [what, seal] of await brokenSeals(world)) {
      const codeOf = ({ code }: { code: string }): unknown => [what, code];
      expect(await room.graphql(QUERY, seal).catch(codeOf)).toEqual([what, 'GRANT_INVALID']);
      expect(await room.door('POST /lookup', request, seal).catch(codeOf)).toEqual([what, 'GRANT_INVALID']);
    }
    expect(statements).toEqual([]);
  });

  test('answers under a grant with the rows of its reach, and no others', async () => {
    const seen = async (grant = aGrant()) =>
      (await room.graphql(QUERY, await sealed(world, grant))).data?.['buildings'];

    expect(await seen()).toEqual({
      nodes: [{ id: '310101A001' }, { id: '310101A002' }, { id: '310101B001' }],
    });
    const north = { areas: ['310104'], subjects: [] };
    expect(await seen(aGrant({ reach: { 'buildings:read': north } }))).toEqual({
      nodes: [{ id: '310104A001' }],
    });
    expect(await seen(aGrant({ reach: {} }))).toEqual({ nodes: [] });
    expect(await seen(aGrant({ reach: { 'meters:read': { areas: [''], subjects: [] } } }))).toEqual({
      nodes: [],
    });
    expect(await seen(aGrant({ reach: { 'buildings:read': { areas: [], subjects: [] } } }))).toEqual({
      nodes: [],
    });
  });

  test('the database filters by areas and subjects exactly as the reach says, whatever the reach', async () => {
    const areas = ['310101', '310104', '310203', '320505', '110101'];
    const owners = ['AAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBB'];
    const houses = areas.flatMap((area) =>
      owners.map((subject, index) => ({ id: `${area}G00${index}`, area, subject })),
    );
    const values = houses.map(({ id, area, subject }) => `('${id}', 'x', 'G', '${area}', '${subject}', 'x')`);
    await world.sql(
      `insert into buildings.building (id, name, type_code, area, subject, platform) values ${values.join()}`,
    );
    const query = { query: '{ buildings(first: 500, typeCodes: ["G"]) { nodes { id } } }' };
    const prefixes = fc.constantFrom(
      '',
      '31',
      '3101',
      '310101',
      '3102',
      '32',
      '320505',
      '11',
      '3',
      '31010',
      '99',
    );
    const reach = fc.record({ areas: fc.array(prefixes, { maxLength: 3 }), subjects: fc.subarray(owners) });

    await fc.assert(
      fc.asyncProperty(reach, async ({ areas: wanted, subjects }) => {
        const seal = await sealed(
          world,
          aGrant({ reach: { 'buildings:read': { areas: wanted, subjects } } }),
        );
        const { data } = await room.graphql(query, seal);
        // Prefixes are of two, four or six digits; half a code is no area.
        const isIn = (area: string) =>
          wanted.some((prefix) => prefix.length % 2 === 0 && area.startsWith(prefix));
        const expected = houses.filter(({ area, subject }) => isIn(area) || subjects.includes(subject));
        expect(
          (data?.['buildings'] as { nodes: { id: string }[] } | undefined)?.nodes.map(({ id }) => id),
        ).toEqual(expected.map(({ id }) => id).sort());
      }),
      { numRuns: 60 },
    );
  });

  test('a door wants its own permission in the grant', async () => {
    const seal = await sealed(world, aGrant({ reach: { 'meters:read': { areas: [''], subjects: [] } } }));
    const request = { params: {}, query: {}, headers: {}, body: [] as never };

    await expect(room.door('POST /lookup', request, seal)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
    await expect(room.door('GET /nothing', request, seal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the rooms’ own role sees no row of anybody without a grant, and may not bypass that', async () => {
    const client = new Client({ connectionString: world.databases.FORMAL.rooms });
    await client.connect();
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('tenants', 'buildings', 'enterprises', 'metering', 'audits', 'inspections', 'exchange', 'corrections')
         and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')`,
    );
    const full: string[] = [];
    for (const { name } of tables)
      if ((await client.query(`select from ${name} limit 1`)).rowCount) full.push(name);
    await expect(client.query('set row_security = off; select from buildings.building')).rejects.toThrow(
      /row-level security/,
    );
    await expect(client.query(`insert into buildings.building (id, name, type_code, area, subject, platform)
      values ('310101A999', 'x', 'A', '310101', 'x', 'x')`)).rejects.toThrow(/row-level security/); // prettier-ignore
    await expect(client.query('alter table buildings.building disable row level security')).rejects.toThrow(
      /owner/,
    );
    await expect(client.query('delete from buildings.building')).rejects.toThrow(/permission denied/);
    await expect(client.query('select from ledger.entry')).rejects.toThrow(/permission denied/);
    await client.end();

    expect(tables.length).toBeGreaterThan(12);
    // Codes and catalogues are the same for everybody.
    expect(full.sort()).toEqual(REFERENCE);
  });
});
