import { builtHub, jsonOf } from '../../../scripts/built-hub.js';
import type { Caller, GraphqlReply } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let district: Caller;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  admin = world.as('municipal').for('PLATFORM_OPERATION');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [
      aMeter({ id: 'one' }),
      aMeter({ id: 'mega', unit: 'MWh' }),
      aMeter({ id: 'gas', energyItem: '03000', unit: 'm3' }),
      aMeter({ id: 'odd', energyItem: '03000', unit: 'kWh' }),
      aMeter({ id: 'heat', energyItem: '04000', unit: 'GJ' }),
      aMeter({ id: 'water', energyItem: '02000', unit: 'm3' }),
      aMeter({ id: 'idle' }),
    ],
  });
  await district.upload([
    only('one', '2026-01-01', 1),
    only('one', '2026-02-01', 10_000),
    only('one', '2026-03-01', -3),
    only('one', '2026-04-01', 0.123457),
    only('mega', '2026-01-01', 10),
    ...['gas', 'odd', 'water'].map((meter) => only(meter, '2026-01-01', 1000)),
    only('heat', '2026-01-01', 2.5),
  ]);
}, 120_000);
afterAll(() => world.close());

/** A day with one value. */
function only(meter: string, date: string, value: number): object {
  return { meter, date, interval: 60, values: [value, ...Array<null>(23).fill(null)] };
}

const FIELDS = `value low high basis edition source isVerified coefficient { energy low high unit year addedBy verified }`;

async function coal(meter: string, asked: string, days = 'from: "2026-01-01", to: "2026-01-01"') {
  const query = `{ meter(id: "${meter}") { consumption(${days}) { total coalEquivalent(${asked}) { ${FIELDS} } } } }`;
  const reply = await district.ask(query);
  const data = reply.data as { meter: { consumption: { coalEquivalent: Record<string, unknown> | null } } };
  return { ...reply, coal: data.meter.consumption.coalEquivalent };
}

const refused = ({ errors }: GraphqlReply) =>
  errors?.map(({ message, extensions }) => [extensions.code, message]);

const ADD = `mutation ($coefficient: CoalCoefficientInput!) {
  addCoefficient(coefficient: $coefficient) { edition energy basis area year low high source addedBy verified } }`;
const add = (who: Caller, rest: object) =>
  who.ask(ADD, {
    coefficient: {
      area: '310000',
      energy: 'ELECTRICITY',
      year: 2026,
      value: '0.2933',
      source: 'Gazette 1',
      ...rest,
    },
  });

describe('nothing is counted as what it is not', () => {
  test.each([
    ['water', 'basis: EQUIVALENT', 'Energy class 02 has no coefficient'],
    ['odd', 'basis: EQUIVALENT', 'NATURAL_GAS is counted by m3, and was metered in kWh'],
    ['one', 'basis: EQUAL_VALUE', 'No equal-value coefficient of ELECTRICITY for 2026 is known'],
    ['one', 'basis: EQUAL_VALUE, edition: "GB/T 2589-2020"', 'GB/T 2589-2020 holds no equal-value'],
    ['one', 'basis: EQUIVALENT, edition: "GB/T 2589-1981"', 'GB/T 2589-1981 holds no equivalent'],
    [
      'water',
      'basis: EQUIVALENT, energy: "FRESH_WATER"',
      'FRESH_WATER is counted by t, and was metered in m3',
    ],
  ])('%s (%s)', async (meter, asked, message) => {
    const reply = await coal(meter, asked);
    expect(reply.coal).toBeNull();
    expect(refused(reply)).toEqual([['COEFFICIENT_MISSING', expect.stringContaining(message) as string]]);
  });

  test('an energy that is not in the table, and a basis that is none', async () => {
    expect(refused(await coal('one', 'basis: EQUIVALENT, energy: "HOPE"'))).toEqual([
      ['BAD_USER_INPUT', 'energy: HOPE is not in the table.'],
    ]);
    const none = await district.ask(
      '{ meter(id: "one") { consumption(from: "2026-01-01", to: "2026-01-01") { coalEquivalent { low } } } }',
    );
    expect(refused(none)).toEqual([
      ['GRAPHQL_VALIDATION_FAILED', expect.stringContaining('basis') as string],
    ]);
  });

  test('nothing metered is not nothing used', async () => {
    const reply = await coal('idle', 'basis: EQUIVALENT');
    expect([reply.coal, reply.errors]).toEqual([null, undefined]);
  });
});

describe('known values', () => {
  test.each([
    ['one kilowatt-hour', 'one', '2026-01-01', '0.0001229'],
    ['10,000 kilowatt-hours', 'one', '2026-02-01', '1.229'],
    ['what was given back', 'one', '2026-03-01', '-0.0003687'],
    ['six decimals, rounded once, at the ninth', 'one', '2026-04-01', '0.000015173'],
    ['10 megawatt-hours', 'mega', '2026-01-01', '1.229'],
    ['2.5 gigajoules of heat', 'heat', '2026-01-01', '0.0853'],
  ])('%s', async (_what, meter, date, tce) => {
    const { coal: found } = await coal(meter, 'basis: EQUIVALENT', `from: "${date}", to: "${date}"`);
    expect(found).toMatchObject({ value: tce, low: tce, high: tce, basis: 'EQUIVALENT' });
  });

  test('gas keeps the range of the edition, and no figure in between is made up', async () => {
    const { coal: found } = await coal('gas', 'basis: EQUIVALENT');
    expect(found).toMatchObject({
      value: null,
      low: '1.1',
      high: '1.33',
      edition: 'GB/T 2589-2020',
      coefficient: { energy: 'NATURAL_GAS', low: '1.1000', high: '1.3300', unit: 'm3' },
    });
    expect((await coal('gas', 'basis: EQUAL_VALUE')).coal).toMatchObject({ low: '1.1', high: '1.33' });
  });

  test('what nobody could check says so, and so does the figure made with it', async () => {
    const { coal: found } = await coal('one', 'basis: EQUAL_VALUE, edition: "HISTORICAL-0.404"');
    expect(found).toMatchObject({
      value: '0.000404',
      isVerified: false,
      basis: 'EQUAL_VALUE',
      coefficient: { verified: false },
    });
    const { coal: range } = await coal('one', 'basis: EQUAL_VALUE, edition: "SHANGHAI-STATISTICS"');
    expect(range).toMatchObject({ value: null, low: '0.000288', high: '0.0003' });
  });
});

describe('an admin adds a coefficient for its area and year', () => {
  test.each([
    ['a district, which sets no scopes', 'district-310101', {}, 'SCOPE_MISSING'],
    ['for another area', 'municipal', { area: '320000' }, 'ROW_OUT_OF_REACH'],
    ['for no area', 'municipal', { area: 'Shanghai' }, 'BAD_USER_INPUT'],
    ['of no energy', 'municipal', { energy: 'HOPE' }, 'BAD_USER_INPUT'],
    ['of nothing', 'municipal', { value: '0' }, 'BAD_USER_INPUT'],
    ['for a year of another century', 'municipal', { year: 1949 }, 'BAD_USER_INPUT'],
    ['for a year beyond all numbers', 'municipal', { year: 2_000_000_000 }, 'BAD_USER_INPUT'],
    ['without a source', 'municipal', { source: '' }, 'BAD_USER_INPUT'],
  ])('refused: %s', async (_what, who, rest, code) => {
    const caller = who === 'municipal' ? admin : world.as(who);
    const reply = await add(caller, rest);
    expect(reply.data?.['addCoefficient'] ?? null).toBeNull();
    expect(reply.errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(await world.sql('select from metering.area_coefficient')).toHaveLength(0);
  });

  test('it counts from then on; the next version replaces it, and the first can still be named', async () => {
    const first = await add(admin, {});
    expect(first.data).toMatchObject({
      addCoefficient: { edition: '310000/2026.1', basis: 'EQUAL_VALUE', low: '0.2933', addedBy: 'municipal' },
    });
    expect((await coal('one', 'basis: EQUAL_VALUE')).coal).toMatchObject({
      value: '0.0002933',
      edition: '310000/2026.1',
      source: 'Gazette 1',
    });
    await add(admin, { value: '0.2911', source: 'Gazette 2' });
    expect((await coal('one', 'basis: EQUAL_VALUE')).coal).toMatchObject({ value: '0.0002911' });
    expect((await coal('one', 'basis: EQUAL_VALUE, edition: "310000/2026.1"')).coal).toMatchObject({
      value: '0.0002933',
    });
    expect((await coal('one', 'basis: EQUIVALENT')).coal).toMatchObject({ value: '0.0001229' });
  });

  test('it narrows a range to the figure that was measured', async () => {
    await add(admin, { energy: 'NATURAL_GAS', value: '1.2143' });
    expect((await coal('gas', 'basis: EQUIVALENT')).coal).toMatchObject({
      value: '1.2143',
      isVerified: true,
    });
    const query = '{ coalCoefficients(energy: "NATURAL_GAS") { nodes { edition low high verified } } }';
    expect(await world.as('service-co').mustAsk(query)).toEqual({
      coalCoefficients: {
        nodes: [
          { edition: '310000/2026.1', low: '1.2143', high: '1.2143', verified: true },
          { edition: 'GB/T 2589-2020', low: '1.1000', high: '1.3300', verified: false },
        ],
      },
    });
  });

  test('nobody changes or takes back what was given', async () => {
    for (const sql of [
      'update metering.area_coefficient set value = 1',
      'delete from metering.area_coefficient',
    ]) {
      await expect(world.sql(sql)).rejects.toThrow('append-only');
    }
  });
});

test('the command lists what is known and adds for an admin; a district adds nothing', async () => {
  const add = [
    'add-coefficient',
    '--area',
    '310101',
    '--energy',
    'HEAT',
    '--year',
    '2026',
    '--value',
    '0.04',
  ];
  const hub = (...args: string[]) => builtHub(world, ['energy', ...args]);

  const refusal = await hub(...add, '--source', 'x', '--as', 'district-310101');
  expect([refusal.status, refusal.err]).toEqual([1, expect.stringMatching(/^SCOPE_MISSING/) as string]);
  const added = await hub(...add, '--source', 'x', '--as', 'municipal', '--purpose', 'PLATFORM_OPERATION');
  expect([added.status, added.out]).toEqual([0, expect.stringContaining('310101/2026.1') as string]);
  expect(
    await jsonOf(world, ['energy', 'coefficients', '--energy', 'HEAT', '--as', 'service-co']),
  ).toMatchObject({
    coefficients: [
      { basis: 'EQUAL_VALUE', low: '0.04' },
      { basis: 'EQUIVALENT', low: '0.03412', verified: false },
    ],
  });
});

test('amounts of many meters are counted with three statements', async () => {
  world.forget();
  await district.mustAsk(`{ meters(energyItem: "01") { nodes {
    consumption(from: "2026-02-01", to: "2026-02-01") { coalEquivalent(basis: EQUIVALENT) { value } } } } }`);
  expect(
    world.queries.filter((sql) => /known_coefficient|unit_factor|unnest\(\$1::numeric/.test(sql)),
  ).toHaveLength(3);
});
