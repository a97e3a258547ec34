import { aConsent, recordConsents } from '../../../world/admin.js';
import { smallCity } from '../../../world/city.js';
import { USCC_A } from '../../../world/parties.js';
import type { GraphqlReply } from '../../../world/caller.js';
import { aMeter } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const FIELDS = 'id kind unit energyClass energyItem multiplier decimals registerDigits ratedMaximumPerHour';

function register(meters: object[], as = 'district-310101'): Promise<GraphqlReply> {
  const mutation = `mutation ($rows: [MeterInput!]!) { registerMeters(meters: $rows) { ${FIELDS} parent { id } } }`;
  return world.as(as).ask(mutation, { rows: meters });
}

const stored = (): Promise<object[]> => world.sql('select * from metering.meter order by id');

// prettier-ignore
const REFUSED: [string, object[], string][] = [
  ['below itself', [aMeter({ id: 'x1', level: 2, parentId: 'x1' })], 'x1 would stand below itself: x1 → x1.'],
  ['in a circle of one list', [aMeter({ id: 'x1', level: 2, parentId: 'x2' }), aMeter({ id: 'x2', level: 3, parentId: 'x1' })],
    'x1 would stand below itself: x1 → x2 → x1.'],
  ['that closes a circle with what is stored', [aMeter({ id: 'a-gate', parentId: 'a-light' })],
    'a-gate would stand below itself: a-gate → a-light → a-gate.'],
  ['on the level of its parent', [aMeter({ id: 'x1', level: 1, parentId: 'a-gate' })],
    'x1 (level 1) cannot stand below a-gate (level 1).'],
  ['sunk to the level of its children', [aMeter({ id: 'a-gate', level: 2 })],
    'a-heat (level 2) cannot stand below a-gate (level 2).'],
  ['below a meter that nobody has registered', [aMeter({ id: 'x1', level: 2, parentId: 'x9' })],
    'x1: its parent x9 is not among the meters that you may see.'],
  ['below a meter of another district', [aMeter({ id: 'x1', level: 2, parentId: 'n-gate' })],
    'x1: its parent n-gate is not among the meters that you may see.'],
  ['of electricity in cubic metres', [aMeter({ id: 'x1', unit: 'm3' })], 'x1: energy of class 01 is not measured in m3.'],
  ['of a class that is none', [aMeter({ id: 'x1', energyItem: '99000' })], 'x1: 99 is no energy class.'],
  ['of a kind that is none', [aMeter({ id: 'x1', kind: 'COUNTER' as never })], 'x1: kind is INTERVAL or REGISTER, was COUNTER.'],
  ['with a counter without digits', [aMeter({ id: 'x1', registerDigits: 0 })], 'A value is not allowed (meter_register_digits_check).'],
  ['with a multiplier of nothing', [aMeter({ id: 'x1', multiplier: '0' })], 'A value is not allowed (meter_multiplier_check).'],
];
test.each(REFUSED)(
  'a meter %s is refused, and none of its list is registered',
  async (_what, rows, message) => {
    const before = await stored();
    const { errors } = await register([aMeter({ id: 'w1' }), ...rows]);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await stored()).toEqual(before);
  },
);

test('the database refuses the same, whoever writes', async () => {
  const change = (set: string): Promise<object[]> =>
    world.sql(`update metering.meter set ${set} where id = 'a-light'`);
  await expect(change('level = 1')).rejects.toMatchObject({ constraint: 'meter_below_parent' });
  await expect(change(`unit = 'm3'`)).rejects.toMatchObject({ constraint: 'meter_unit' });
  await expect(change(`parent = 'nobody'`)).rejects.toMatchObject({ constraint: 'meter_parent_fkey' });
  await expect(world.sql(`update metering.meter set level = 3 where id = 'a-gate'`)).rejects.toMatchObject({
    constraint: 'meter_below_parent',
  });
});

test('a meter says of itself all that it is registered with; a sub-item that the hub does not know is kept', async () => {
  const { data } = await register([
    aMeter({
      id: 'pump',
      level: 3,
      parentId: 'a-light',
      energyItem: '01X9Q',
      unit: 'KWH',
      kind: 'REGISTER',
      multiplier: '80',
      decimals: 1,
      registerDigits: 5,
      ratedMaximumPerHour: '630.5',
    }),
  ]);
  expect(data?.['registerMeters']).toEqual([
    {
      id: 'pump',
      kind: 'REGISTER',
      unit: 'kWh',
      energyClass: '01',
      energyItem: '01X9Q',
      multiplier: '80',
      decimals: 1,
      registerDigits: 5,
      ratedMaximumPerHour: '630.5',
      parent: { id: 'a-light' },
    },
  ]);
});

test('what a later registration leaves out stays; a new meter brings interval values with multiplier 1', async () => {
  const { data } = await register([
    aMeter({ id: 'pump', name: 'Renamed', level: 3, registerDigits: null }),
    aMeter({ id: 'plain', energyItem: '03000', unit: '㎥' }),
  ]);
  const answered = data?.['registerMeters'] as { id: string }[] | undefined;
  const found = answered?.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(found).toMatchObject([
    {
      id: 'plain',
      kind: 'INTERVAL',
      unit: 'm3',
      multiplier: '1',
      registerDigits: null,
      ratedMaximumPerHour: null,
    },
    {
      id: 'pump',
      kind: 'REGISTER',
      multiplier: '80',
      decimals: 1,
      registerDigits: null,
      ratedMaximumPerHour: '630.5',
    },
  ]);
});

test('any caller reads which units measure which class', async () => {
  const { energyUnits } = await world
    .as('scopeless')
    .mustAsk<{ energyUnits: { nodes: object[] } }>(
      '{ energyUnits(first: 3) { nodes { energyClass unit verified } } }',
    );
  expect(energyUnits.nodes).toEqual([
    { energyClass: '01', unit: 'MWh', verified: false },
    { energyClass: '01', unit: 'Wh', verified: false },
    { energyClass: '01', unit: 'kWh', verified: false },
  ]);
});

describe('of an item the outermost meters count', () => {
  const DAY = '2026-01-01';
  const PERIOD = `from: "${DAY}", to: "${DAY}"`;
  const ITEM = `${PERIOD}, energyItem: "01C00"`;
  const FIGURES = 'total meters';
  const chain = (id: string, level: number, parentId: string | null, energyItem = '01C00') =>
    aMeter({ id, level, parentId, energyItem });

  /** By area, enterprise and building, now and as of now, by days, by hours and as a part: all answer alike. */
  async function totals(as = 'district-310101'): Promise<string> {
    const { consumption, past, enterprise, building } = await world.as(as).mustAsk<Answer>(`{
      consumption(${ITEM}) { ${FIGURES} } past: consumption(${ITEM}, asOf: "${new Date().toISOString()}") { ${FIGURES} }
      enterprise(uscc: "${USCC_A}") { consumption(${ITEM}) { ${FIGURES} } }
      building(id: "310101A001") { consumption(${ITEM}) { ${FIGURES} }
        day: consumptionSeries(step: DAY, ${ITEM}) { nodes { total } } hours: consumptionSeries(step: HOUR, first: 1, ${ITEM}) { nodes { total } }
        energyBreakdown(${PERIOD}) { parts { energyItem consumption { ${FIGURES} } } } } }`);
    const part = building.energyBreakdown.parts.find(({ energyItem }) => energyItem === '01C00');
    const [day, hour] = [building.day.nodes[0]?.total, building.hours.nodes[0]?.total];
    const sums = [past, enterprise.consumption, building.consumption, part?.consumption ?? NOTHING];
    expect(sums).toEqual(sums.map(() => consumption));
    expect([day, hour].map((total) => total ?? '0')).toEqual([consumption.total, consumption.total]);
    return `${consumption.total} of ${consumption.meters}`;
  }

  test('whatever the order they were registered in, and it follows parents and items', async () => {
    await register([chain('c3', 3, 'c2'), chain('c2', 2, 'c1'), chain('c1', 1, null)]);
    const before = new Date().toISOString();
    await world.as('district-310101').upload(
      ['c1', 'c2', 'c3'].map((meter, place) => ({
        meter,
        date: DAY,
        interval: 60,
        values: [10 ** place, ...Array<null>(23).fill(null)],
      })),
    );
    expect(await totals()).toBe('1 of 1');
    await register([chain('c2', 2, 'c1', '01D00')]);
    expect(await totals()).toBe('1 of 1');
    await register([chain('c2', 2, null)]);
    expect(await totals()).toBe('11 of 2');
    await register([chain('c3', 3, null)]);
    expect(await totals()).toBe('111 of 3');
    await register([chain('c3', 3, 'c2'), chain('c1', 1, null, '01D00')]);
    expect(await totals()).toBe('10 of 1');
    await register([chain('c2', 2, 'c1'), chain('c1', 1, null)]);
    const statistics = (step: string): string =>
      `statistics(area: "310101", step: ${step}, ${ITEM}) { nodes { total } }`;
    const told = await world.as('district-310101').mustAsk(`{
      month: ${statistics('MONTH')} hour: ${statistics('HOUR')}
      before: consumption(${ITEM}, asOf: "${before}") { ${FIGURES} }
      meter(id: "c3") { consumption(${PERIOD}) { ${FIGURES} } } }`);
    const one = { nodes: [{ total: '1' }] };
    const own = { consumption: { total: '100', meters: 1 } };
    expect(told).toEqual({ month: one, hour: one, before: NOTHING, meter: own });
  });

  test('among all meters, not among those that someone may see', async () => {
    await recordConsents(
      world,
      world.as('enterprise-a'),
      aConsent({ categories: ['buildings', 'enterprises', 'meters', 'readings'], meterLevels: [2, 3] }),
    );
    expect(await totals('service-co')).toBe('0 of 0');
  });

  test('which a room cannot say itself', async () => {
    await expect(
      world.sql(`set role hub_rooms; update metering.meter set is_nested = false`),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

interface Figures {
  total: string;
  meters: number;
}
const NOTHING: Figures = { total: '0', meters: 0 };
type Series = { nodes: { total: string | null }[] };
interface Answer {
  consumption: Figures;
  past: Figures;
  enterprise: { consumption: Figures };
  building: {
    consumption: Figures;
    day: Series;
    hours: Series;
    energyBreakdown: { parts: { energyItem: string; consumption: Figures }[] };
  };
}
