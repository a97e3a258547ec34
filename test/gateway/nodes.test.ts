import { type City, hours, smallCity, USCC_NORTH } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

describe('node(id)', () => {
  let world: World;
  let city: City;
  /** The id of one thing of each type, all of them of district 310101. */
  let ids: Record<string, string>;
  beforeAll(async () => {
    world = await openWorld();
    city = await smallCity(world);
    const district = world.as('district-310101');
    const { json } = await district.upload([hours('a-gate', '2026-01-03', 1)]);
    const { dailyPackage } = await district.mustAsk<{ dailyPackage: { id: string } }>(
      '{ dailyPackage(date: "2026-01-01") { id } }',
    );
    ids = {
      Enterprise: USCC_A,
      Building: '310101A001',
      Meter: 'a-gate',
      EnergyAudit: city.district.audits[0] ?? '',
      MeteringReview: city.district.reviews[0] ?? '',
      Inspection: city.district.inspections[0] ?? '',
      Batch: String(json['batch']),
      Package: dailyPackage.id,
    };
  }, 60_000);
  afterAll(() => world.close());

  const node = (name: string, id: string, fields = '__typename id') =>
    world.as(name).ask(`query ($id: ID!) { node(id: $id) { ${fields} } }`, { id });

  const TYPES = [
    'Enterprise',
    'Building',
    'Meter',
    'EnergyAudit',
    'MeteringReview',
    'Inspection',
    'Batch',
    'Package',
  ];

  test.each(TYPES)('%s: what a neighbour registered is null, as if absent', async (type) => {
    expect(await node('district-310104', ids[type] ?? '')).toEqual({ data: { node: null } });
  });

  test.each(TYPES)('%s: a tenant without scopes sees none', async (type) => {
    expect(await node('scopeless', ids[type] ?? '')).toEqual({ data: { node: null } });
  });

  test('what nobody has is null: ids of every shape, and of none', async () => {
    const unknown = ['310101Z999', '91310101MA00000000', 'no-meter', 'aud_', `aud_${'0'.repeat(26)}`, `bat_${'0'.repeat(26)}`,
      `pkg_${'0'.repeat(26)}`, `ins_${'0'.repeat(26)}`, `rev_${'0'.repeat(26)}`, '', ' ', 'x'.repeat(2_000), 'ten_x', "' or true --", '汉字']; // prettier-ignore
    for (const id of unknown)
      expect([id, await node('district-310101', id)]).toEqual([id, { data: { node: null } }]);
  });

  test.each(TYPES)('%s: what is in reach is found by its id alone', async (type) => {
    expect(await node('district-310101', ids[type] ?? '')).toEqual({
      data: { node: { __typename: type, id: ids[type] } },
    });
  });

  test('a found node goes on like any other object, through the rooms', async () => {
    const fields = `... on Meter { building { owner { name } } } ... on EnergyAudit { year building { meters { nodes { id } } } }
      ... on Enterprise { name inspections { nodes { taskNumber } } } ... on Batch { accepted uploader { id } } ... on Package { blocks }`;

    expect((await node('district-310101', 'a-gate', fields)).data).toEqual({
      node: { building: { owner: { name: 'A' } } },
    });
    expect((await node('district-310101', ids['EnergyAudit'] ?? '', fields)).data).toEqual({
      node: {
        year: 2024,
        building: { meters: { nodes: [{ id: 'a-gate' }, { id: 'a-heat' }, { id: 'a-light' }] } },
      },
    });
    expect((await node('district-310101', USCC_A, fields)).data).toEqual({
      node: { name: 'A', inspections: { nodes: [{ taskNumber: 'T-1' }] } },
    });
    expect((await node('district-310101', ids['Package'] ?? '', fields)).data).toEqual({
      node: { blocks: 2 },
    });
  });

  test('a type in a fragment that the caller has no scope for is not found, the others are', async () => {
    const fields = '__typename ... on Batch { accepted } ... on Building { name }';

    expect(await node('enterprise-a', ids['Batch'] ?? '', fields)).toEqual({ data: { node: null } });
    expect(await node('enterprise-a', '310101A001', fields)).toEqual({
      data: { node: { __typename: 'Building', name: 'House 310101A001' } },
    });
  });

  test('many nodes at once, of all types', async () => {
    const asked = Object.entries(ids).map(([type, id]) => `${type}: node(id: "${id}") { __typename }`);
    const other = `Other: node(id: "${USCC_NORTH}") { id }`;

    const answer = await world.as('district-310101').mustAsk<object>(`{ ${asked.join(' ')} ${other} }`);

    expect(answer).toEqual({
      ...Object.fromEntries(TYPES.map((type) => [type, { __typename: type }])),
      Other: null,
    });
  });
});
