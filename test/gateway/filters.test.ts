import { smallCity, USCC_B, USCC_NORTH } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

/** The short city as the nation sees it: what each row of a list is called here. */
const NAMED: Record<string, string> = {
  enterprises: 'name',
  buildings: 'id',
  meters: 'id',
  energyAudits: 'completedOn building { id }',
  meteringReviews: 'year enterprise { name }',
  inspections: 'taskNumber enterprise { name }',
  meterDays: 'date meter { id }',
};

describe('filters', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
  }, 60_000);
  afterAll(() => world.close());

  /** Every leaf of each row, joined: `2025-06-01 310101A001`. */
  async function rows(list: string, args: string, name = 'national'): Promise<string[]> {
    const { [list]: page } = await world
      .as(name)
      .mustAsk<Record<string, { nodes: object[] }>>(
        `{ ${list}${args && `(${args})`} { nodes { ${NAMED[list]} } } }`,
      );
    const leaves = (value: unknown): string =>
      typeof value === 'object' && value ? Object.values(value).map(leaves).join(' ') : String(value);
    return (page?.nodes ?? []).map(leaves);
  }

  // prettier-ignore
  const FOUND: [string, string, string[]][] = [
    ['enterprises', '', ['B', 'North', 'A']],
    ['enterprises', 'area: "310101"', ['B', 'A']],
    ['enterprises', 'area: "310100"', ['B', 'North', 'A']],
    ['enterprises', 'area: "110000"', []],
    ['enterprises', 'industry: "44"', ['B']],
    ['enterprises', 'industry: "K"', ['A']],
    ['enterprises', 'unitClass: "BAIJIA"', ['A']],
    ['enterprises', 'area: "310104", unitClass: "BAIJIA"', []],
    ['buildings', 'area: "310104"', ['310104A001']],
    ['buildings', 'typeCodes: ["B"]', ['310101B001']],
    ['buildings', 'typeCodes: ["B", "A"]', ['310101A001', '310101A002', '310101B001', '310104A001']],
    ['buildings', 'typeCodes: []', []],
    ['buildings', `ownerUscc: "${USCC_B}"`, ['310101A002']],
    ['meters', 'area: "310104"', ['n-gate']],
    ['meters', 'buildingId: "310101A002"', ['b-gate']],
    ['meters', `enterpriseUscc: "${USCC_B}"`, ['b-boiler', 'b-gate']],
    ['meters', 'level: 2', ['a-heat', 'a-light']],
    ['meters', 'energyItem: "01B"', ['a-heat']],
    ['meters', 'energyItem: "01"', ['a-gate', 'a-heat', 'a-light', 'b-gate', 'n-gate']],
    ['meters', 'energyItem: "%"', []],
    ['energyAudits', '', ['2025-07-01 310101A002', '2025-06-01 310104A001', '2025-06-01 310101A001', '2024-06-01 310101A001']],
    ['energyAudits', 'area: "310101", year: 2025', ['2025-07-01 310101A002', '2025-06-01 310101A001']],
    ['energyAudits', 'buildingId: "310101A001"', ['2025-06-01 310101A001', '2024-06-01 310101A001']],
    ['energyAudits', `enterpriseUscc: "${USCC_NORTH}"`, ['2025-06-01 310104A001']],
    ['energyAudits', 'year: 2147483647', []],
    ['meters', 'level: -70000', []],
    ['meteringReviews', 'year: 2024', ['2024 B']],
    ['meteringReviews', 'result: "PASSED", area: "310101"', ['2025 A']],
    ['meteringReviews', `enterpriseUscc: "${USCC_A}"`, ['2025 A']],
    ['inspections', 'area: "310101"', ['T-1 A', 'T-2 B']],
    ['inspections', `enterpriseUscc: "${USCC_B}"`, ['T-2 B']],
    ['inspections', 'type: "MOTOR_EFFICIENCY"', ['T-2 B']],
    ['inspections', 'state: "COMPLETED"', ['T-1 North']],
    ['inspections', 'level: "MUNICIPAL"', ['T-1 North']],
    ['inspections', 'agency: "City team"', ['T-1 North']],
    ['inspections', 'createdFrom: "2025-04-01", area: "310101"', ['T-1 A']],
    ['inspections', 'createdTo: "2025-03-31"', ['T-2 B']],
    ['inspections', 'createdFrom: "2025-03-01", createdTo: "2025-03-01"', ['T-2 B']],
    ['meterDays', 'from: "2026-01-01", to: "2026-01-02"', ['2026-01-01 a-gate', '2026-01-01 b-gate', '2026-01-01 n-gate', '2026-01-02 a-gate']],
    ['meterDays', 'from: "2026-01-02", to: "2026-01-02"', ['2026-01-02 a-gate']],
    ['meterDays', 'from: "2026-01-01", to: "2026-01-31", meters: ["n-gate", "none"]', ['2026-01-01 n-gate']],
    ['meterDays', 'from: "2026-01-01", to: "2026-01-31", meters: []', []],
  ];
  test.each(FOUND)('%s(%s)', async (list, args, expected) => {
    const found = await rows(list, args);

    // Audits of one day stand in the order of their ids, which chance gives.
    const isOrdered = list !== 'energyAudits' && list !== 'inspections';
    expect(isOrdered ? found : [...found].sort()).toEqual(isOrdered ? expected : [...expected].sort());
  });

  test('a filter opens nothing: a neighbour’s rows stay unseen when they are named', async () => {
    expect(await rows('buildings', 'area: "310104"', 'district-310101')).toEqual([]);
    expect(await rows('meters', `enterpriseUscc: "${USCC_NORTH}"`, 'district-310101')).toEqual([]);
    expect(await rows('energyAudits', 'buildingId: "310104A001"', 'district-310101')).toEqual([]);
    expect(await rows('inspections', 'agency: "City team"', 'district-310101')).toEqual([]);
    expect(
      await rows('meterDays', 'from: "2026-01-01", to: "2026-01-02", meters: ["n-gate"]', 'enterprise-a'),
    ).toEqual([]);
  });

  // prettier-ignore
  const REFUSED: [string, string][] = [
    ['meterDays', 'from: "2026-01-02", to: "2026-01-01"'],
    ['meterDays', 'from: "2006-01-01", to: "2026-01-01"'],
    ['meterDays', `from: "2026-01-01", to: "2026-01-01", meters: [${Array(501).fill('"x"').join()}]`],
    ['consumption', 'from: "2026-01-02", to: "2026-01-01"'],
    ['consumption', 'from: "0001-01-01", to: "9999-12-31"'],
  ];
  test.each(REFUSED)('%s(%s) is refused in words', async (list, args) => {
    const { data, errors } = await world.as('national').ask(`{ ${list}(${args}) { __typename } }`);

    expect([data, errors]).toMatchObject([{ [list]: null }, [{ extensions: { code: 'BAD_USER_INPUT' } }]]);
  });

  test('a bad argument takes its own field and no other of the same room', async () => {
    const query = `{ bad: energyAudits(first: 0) { nodes { year } } good: energyAudits(first: 1) { nodes { year } }
      worse: meterDays(from: "2026-01-02", to: "2026-01-01") { nodes { date } } better: meters(first: 1) { nodes { id } } }`;
    const { data, errors } = await world.as('national').ask(query);

    expect(data).toEqual({
      bad: null,
      good: { nodes: [{ year: 2025 }] },
      worse: null,
      better: { nodes: [{ id: 'a-gate' }] },
    });
    expect(errors?.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`).sort()).toEqual([
      'bad BAD_USER_INPUT',
      'worse BAD_USER_INPUT',
    ]);
  });

  test('what only PostgreSQL can refuse is a refusal for all that it stops, and a fault for none', async () => {
    const forged = Buffer.from(JSON.stringify(['EnergyAudit.completedOn.id', 'no day', 'x'])).toString(
      'base64url',
    );
    const fields = ['a', 'b', 'c'].map(
      (name) =>
        `${name}: energyAudits(first: 1${name === 'b' ? `, after: "${forged}"` : ''}) { nodes { year } }`,
    );
    const { errors } = await world.as('national').ask(`{ ${fields.join(' ')} }`);

    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(await rows('energyAudits', 'buildingId: "310101A002"')).toEqual(['2025-07-01 310101A002']);
  });

  test('quantities of two units are not added up', async () => {
    const unitByHand = (unit: string): Promise<object[]> =>
      world.sql(
        `set hub.by_hand = 'on'; update metering.meter set unit = '${unit}' where id = 'b-gate'; reset hub.by_hand`,
      );
    await unitByHand('MWh');
    const { data, errors } = await world
      .as('national')
      .ask('{ consumption(from: "2026-01-01", to: "2026-01-02") { total } }');
    await unitByHand('kWh');

    expect([data, errors]).toMatchObject([
      { consumption: null },
      [{ message: expect.stringContaining('different units'), extensions: { code: 'BAD_USER_INPUT' } }],
    ]);
  });
});
