import { type City, smallCity, USCC_B, USCC_NORTH } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

/** With the rooms in one process, and in seven. */
describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  let city: City;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    city = await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  test('what a district registers is nothing to its neighbour: no row, no count, no error that tells of it', async () => {
    const query = `{ building(id: "310101A001") { id } enterprise(uscc: "${USCC_A}") { uscc } meter(id: "a-gate") { id }
      energyAudits(buildingId: "310101A001") { nodes { id } } meterDays(meters: ["a-gate"], from: "2026-01-01", to: "2026-01-02") { nodes { date } }
      consumption(area: "310101", from: "2026-01-01", to: "2026-01-02") { total meters } }`;

    expect(await world.as('district-310104').ask(query)).toEqual({
      data: {
        building: null,
        enterprise: null,
        meter: null,
        energyAudits: { nodes: [] },
        meterDays: { nodes: [] },
        consumption: { total: '0', meters: 0 },
      },
    });
  });

  test('from a building to its meters and what they measured, exact, for a period', async () => {
    const { building } = await world.as('district-310101').mustAsk<{
      building: unknown;
    }>(`{ building(id: "310101A001") {
      name floorAreaM2 yearBuilt
      consumption(from: "2026-01-01", to: "2026-01-31") { total unit meters meterDays present energyItem }
      meters { nodes { id consumption(from: "2026-01-02", to: "2026-01-02") { total }
        days(from: "2026-01-01", to: "2026-01-01") { nodes { date total present version values } } } } } }`);

    const nothing = { consumption: { total: '0' }, days: { nodes: [] } };
    const day = { date: '2026-01-01', total: '2.4', present: 24, version: 1, values: Array(24).fill('0.1') };
    expect(building).toEqual({
      name: 'House 310101A001',
      floorAreaM2: '1000',
      yearBuilt: 1999,
      consumption: { total: '7.2', unit: 'kWh', meters: 1, meterDays: 2, present: 48, energyItem: '01000' },
      meters: {
        nodes: [
          { id: 'a-gate', consumption: { total: '4.8' }, days: { nodes: [day] } },
          { id: 'a-heat', ...nothing },
          { id: 'a-light', ...nothing },
        ],
      },
    });
  });

  test('what a building used by area and by person, by what its own room knows, from wherever it is reached', async () => {
    const intensity = `intensity { period(from: "2026-01-01", to: "2026-01-02") {
      consumption { total coalEquivalent(basis: EQUIVALENT) { value } } perSquareMetre perPerson persons } }`;
    const query = `{ building(id: "310101A001") { ${intensity} } meter(id: "a-light") { building { ${intensity} } } }`;

    const period = {
      consumption: { total: '7.2', coalEquivalent: { value: '0.00088488' } },
      ...{ perSquareMetre: '0.0072', perPerson: '0.48', persons: '15' },
    };
    expect(await world.as('district-310101').ask(query)).toEqual({
      data: { building: { intensity: { period } }, meter: { building: { intensity: { period } } } },
    });
  });

  test('nothing is divided by an area or a number of persons that nobody registered', async () => {
    const { data, errors } = await world.as('district-310101').ask(`{
      a: building(id: "310101A001") { intensity { period(from: "2025-12-31", to: "2026-01-02") { perAirConditionedSquareMetre perPerson } } }
      b: building(id: "310101A002") { intensity { period(from: "2026-01-01", to: "2026-01-01") { perSquareMetre perPerson } } }
      n: building(id: "310104A001") { intensity { period(from: "2026-01-01", to: "2026-01-01") { perSquareMetre } } } }`);

    expect(data).toMatchObject({ a: { intensity: { period: { perPerson: null } } }, n: null });
    expect(errors?.map(({ message, extensions }) => `${extensions.code} ${message}`).sort()).toEqual([
      'NOT_FOUND 310101A001 has no air-conditioned area registered.',
      'NOT_FOUND 310101A002 has no floor area registered.',
      'NOT_FOUND How many people use 310101A001 is not known before 2026-01-01.',
      'NOT_FOUND How many people use 310101A002 is not known at all.',
    ]);
  });

  test('from a meter up to its parent, its building and its owner, and down to its children', async () => {
    const query = `{ light: meter(id: "a-light") { building { name owner { name } } owner { name area } parent { id parent { id } children(level: 2) { nodes { id } } } }
      boiler: meter(id: "b-boiler") { building { id } owner { name industry } parent { id } children { nodes { id } } } }`;

    expect(await world.as('district-310101').mustAsk(query)).toEqual({
      light: {
        building: { name: 'House 310101A001', owner: { name: 'A' } },
        owner: { name: 'A', area: '310101' },
        parent: { id: 'a-gate', parent: null, children: { nodes: [{ id: 'a-heat' }, { id: 'a-light' }] } },
      },
      boiler: {
        building: null,
        owner: { name: 'B', industry: '4411' },
        parent: null,
        children: { nodes: [] },
      },
    });
  });

  test('from an enterprise to everything that is about it, in five rooms', async () => {
    const { enterprise } = await world.as('district-310101').mustAsk<{
      enterprise: unknown;
    }>(`{ enterprise(uscc: "${USCC_A}") {
      id name unitClass annualTce
      buildings { nodes { id } } meters(level: 1) { nodes { id } }
      energyAudits { nodes { year energyUseKwhPerM2 } } meteringReviews { nodes { result leader } }
      inspections { nodes { taskNumber documents { nodes { name sha256 } } findings { nodes { place clause severity description } } } } } }`);

    expect(enterprise).toEqual({
      id: USCC_A,
      name: 'A',
      unitClass: 'BAIJIA',
      annualTce: '10000.5',
      buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] },
      meters: { nodes: [{ id: 'a-gate' }] },
      energyAudits: {
        nodes: [
          { year: 2025, energyUseKwhPerM2: '120.5' },
          { year: 2024, energyUseKwhPerM2: null },
        ],
      },
      meteringReviews: { nodes: [{ result: 'PASSED', leader: 'Li' }] },
      inspections: {
        nodes: [
          {
            taskNumber: 'T-1',
            documents: {
              nodes: [
                { name: 'Notice', sha256: null },
                { name: 'Record', sha256: 'ab'.repeat(32) },
              ],
            },
            findings: {
              nodes: [{ place: 1, clause: 'Art. 12', severity: 'CORRECTION', description: 'No record kept' }],
            },
          },
        ],
      },
    });
  });

  test('from audits, reviews and inspections back to building, owner and enterprise', async () => {
    const query = `{ energyAudits(first: 1) { nodes { id building { name owner { name } } enterprise { name } } }
      meteringReviews(first: 1) { nodes { id enterprise { name buildings { nodes { id } } } } }
      inspections(first: 1) { nodes { id state enterprise { name area } } } }`;

    expect(await world.as('district-310101').mustAsk(query)).toEqual({
      energyAudits: {
        nodes: [
          {
            id: city.district.audits[2],
            building: { name: 'House 310101A002', owner: { name: 'B' } },
            enterprise: { name: 'B' },
          },
        ],
      },
      meteringReviews: {
        nodes: [
          {
            id: city.district.reviews[0],
            enterprise: { name: 'A', buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] } },
          },
        ],
      },
      inspections: {
        nodes: [
          {
            id: city.district.inspections[0],
            state: 'NOT_STARTED',
            enterprise: { name: 'A', area: '310101' },
          },
        ],
      },
    });
  });

  test('from a batch to its uploader, as the operator of the area sees it', async () => {
    const batch = (accepted: number, name: string) => ({
      state: 'COMPLETE',
      accepted,
      readings: accepted * 24,
      uploader: { name, tier: 'DISTRICT' },
    });

    const answer = await world
      .as('municipal')
      .for('PLATFORM_OPERATION')
      .mustAsk('{ batches { nodes { state accepted readings uploader { name tier } } } }');

    expect(answer).toEqual({
      batches: { nodes: [batch(1, 'District 310104'), batch(3, 'District 310101')] },
    });
  });

  test('the city and the nation see both districts, the owner its own', async () => {
    const query =
      '{ buildings { nodes { id } } enterprises { nodes { uscc } } meters(level: 1) { nodes { id } } }';
    const seen = async (name: string, purpose: string) => {
      const { buildings, enterprises, meters } = await world
        .as(name)
        .mustAsk<Record<string, { nodes: { id: string; uscc: string }[] }>>(
          query,
          {},
          { 'x-hub-purpose': purpose },
        );
      return [
        buildings?.nodes.map(({ id }) => id),
        enterprises?.nodes.map(({ uscc }) => uscc).sort(),
        meters?.nodes.map(({ id }) => id),
      ];
    };
    const everything = [
      ['310101A001', '310101A002', '310101B001', '310104A001'],
      [USCC_A, USCC_B, USCC_NORTH].sort(),
      ['a-gate', 'b-boiler', 'b-gate', 'n-gate'],
    ];

    expect(await seen('municipal', 'SUPERVISION')).toEqual(everything);
    expect(await seen('national', 'SUPERVISION')).toEqual(everything);
    expect(await seen('enterprise-a', 'OWN_MANAGEMENT')).toEqual([
      ['310101A001', '310101B001'],
      [USCC_A],
      ['a-gate'],
    ]);
  });
});
