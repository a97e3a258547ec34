import { toldBy } from '../../../gateway/disclosures/told.js';
import type { Caller } from '../../../world/caller.js';
import { USCC_A } from '../../../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has, usccOf } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const HOUSE = '310101A001';
const DAY = '2026-01-01';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding(), aBuilding({ id: '310101B001' }), aBuilding({ id: '310101A002' })],
    meters: [
      aMeter({ id: 'gate' }),
      below('light', 'gate', '01A00'),
      below('cool', 'gate', '01B00'),
      { ...below('chiller', 'cool', '01B1C'), level: 3, unit: 'MWh' },
      { ...below('cool-roof', 'cool', '01B00'), level: 3 },
      below('incoming', 'gate', '01E00'),
      aMeter({ id: 'gas', energyItem: '03000', unit: 'm3' }),
      aMeter({ id: 'water', energyItem: '02000', unit: 'm3' }),
      aMeter({ id: 'over-gate', buildingId: '310101B001' }),
      below('over-power', 'over-gate', '01C00', '310101B001'),
      below('gateless', '', '01A00', '310101A002'),
      below('gateless-pumps', '', '01B1A', '310101A002'),
    ],
  });
  await district.upload([
    once('gate', 100.5),
    once('light', 30.25),
    once('cool', 60),
    once('chiller', 0.045),
    once('cool-roof', 9),
    once('incoming', 100),
    once('gas', 1000),
    once('water', 70),
    once('over-gate', 10),
    once('over-power', 12.5),
    once('gateless', 5),
    once('gateless-pumps', 1),
    { ...once('gate', 50), date: '2025-01-01' },
  ]);
}, 120_000);
afterAll(() => world.close());

function below(id: string, parentId: string, energyItem: string, buildingId = HOUSE) {
  return aMeter({ id, parentId: parentId || null, level: 2, energyItem, buildingId });
}

function once(meter: string, value: number) {
  return { meter, date: DAY, interval: 60, values: [value, ...Array<null>(23).fill(null)] };
}

const COAL = 'coalEquivalent(basis: EQUIVALENT) { value }';
const BREAKDOWN = `energyBreakdown(from: "${DAY}", to: "${DAY}") {
  total { total unit meters ${COAL} } remainder { amount unit ${COAL} }
  parts { energyItem partOf isCounted consumption { total unit meters ${COAL} } remainder { amount ${COAL} } } }`;

interface Breakdown {
  total: object | null;
  remainder: object | null;
  parts: { energyItem: string; remainder: object | null }[];
}

async function breakdownOf(building: string, caller = district): Promise<Breakdown> {
  const query = `{ building(id: "${building}") { ${BREAKDOWN} } }`;
  const { building: found } = await caller.mustAsk<{ building: { energyBreakdown: Breakdown } }>(query);
  return found.energyBreakdown;
}

describe('the parts of a class and what is left of it', () => {
  test('parts that are more than the total leave a negative remainder, which is shown', async () => {
    expect(await breakdownOf('310101B001')).toMatchObject({
      total: { total: '10', unit: 'kWh', coalEquivalent: { value: '0.001229' } },
      parts: [{ energyItem: '01C00', partOf: '01000', consumption: { total: '12.5' } }],
      remainder: { amount: '-2.5', unit: 'kWh', coalEquivalent: { value: '-0.00030725' } },
    });
  });

  test('without a gate there is no total and no remainder: the sum of the parts does not stand in', async () => {
    expect(await breakdownOf('310101A002')).toMatchObject({
      total: null,
      remainder: null,
      parts: [
        { energyItem: '01A00', partOf: null, remainder: null },
        { energyItem: '01B1A', partOf: null, remainder: null },
      ],
    });
  });

  test('each item is taken from the next above it that is metered; a meter below its like is not counted twice', async () => {
    const { total, parts, remainder } = await breakdownOf(HOUSE);
    expect(total).toMatchObject({ total: '100.5' });
    expect(remainder).toMatchObject({ amount: '10.25', coalEquivalent: { value: '0.001259725' } });
    expect(parts).toMatchObject([
      { energyItem: '01A00', partOf: '01000', isCounted: true, remainder: null },
      {
        energyItem: '01B00',
        partOf: '01000',
        consumption: { total: '60', meters: 1 },
        remainder: { amount: '15' },
      },
      { energyItem: '01B1C', partOf: '01B00', consumption: { total: '45', unit: 'kWh' }, remainder: null },
      { energyItem: '01E00', partOf: '01000', isCounted: false, consumption: { total: '100' } },
    ]);
  });

  test('an enterprise adds up its buildings, and takes nothing from a gate that it is not behind', async () => {
    const query = `{ enterprise(uscc: "${USCC_A}") { ${BREAKDOWN} } }`;
    const { enterprise } = await district.mustAsk<{ enterprise: { energyBreakdown: Breakdown } }>(query);
    expect(enterprise.energyBreakdown).toMatchObject({
      total: { total: '110.5', meters: 2 },
      remainder: { amount: '7.75' },
      parts: [
        { energyItem: '01A00', partOf: '01000', consumption: { total: '30.25' } },
        { energyItem: '01A00', partOf: null, consumption: { total: '5' } },
        { energyItem: '01B00', partOf: '01000', remainder: { amount: '15' } },
        { energyItem: '01B1A', partOf: null },
        { energyItem: '01B1C', partOf: '01B00' },
        { energyItem: '01C00', partOf: '01000' },
        { energyItem: '01E00', partOf: '01000' },
      ],
    });
  });

  test('a building that is metered from the gate of the site is part of the site', async () => {
    await has(district, {
      enterprises: [anEnterprise({ uscc: usccOf(7) })],
      buildings: [aBuilding({ id: '310101A003', ownerUscc: usccOf(7) })],
      meters: [
        aMeter({ id: 'site', enterpriseUscc: usccOf(7) }),
        below('site-light', 'site', '01A00', '310101A003'),
      ],
    });
    await district.upload([once('site', 8), once('site-light', 3)]);
    const query = `{ enterprise(uscc: "${usccOf(7)}") { ${BREAKDOWN} } }`;
    const { enterprise } = await district.mustAsk<{ enterprise: { energyBreakdown: Breakdown } }>(query);
    expect(enterprise.energyBreakdown).toMatchObject({
      remainder: { amount: '5' },
      parts: [{ partOf: '01000' }],
    });
  });

  test('units that measure different things are refused, and so is a class that is none', async () => {
    await has(district, {
      meters: [
        { ...below('steam', '', '04A00'), unit: 't' },
        aMeter({ id: 'heat', energyItem: '04000', unit: 'GJ' }),
      ],
    });
    await district.upload([once('steam', 1), once('heat', 1)]);
    for (const [energyClass, message] of [
      ['04', 'Meters of different units (GJ, t) are not added up.'],
      ['1', 'energyClass: two digits, was 1'],
    ]) {
      const reply =
        await district.ask(`{ building(id: "${HOUSE}") { energyBreakdown(from: "${DAY}", to: "${DAY}",
        energyClass: "${energyClass}") { total { total } } } }`);
      expect(reply.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  test('another district sees nothing of it; whoever is told is written down', async () => {
    const query = `{ comprehensiveEnergy(uscc: "${USCC_A}", year: 2026, basis: EQUIVALENT) { low terms { energyClass } } }`;
    expect(await world.as('district-310104').mustAsk(query)).toEqual({
      comprehensiveEnergy: { low: null, terms: [] },
    });
    const municipal = world.as('municipal').for('SUPERVISION');
    const { told } = await toldBy(world, () => breakdownOf('310101B001', municipal));
    expect(told).toEqual(
      expect.arrayContaining([expect.objectContaining({ category: 'readings', subject: USCC_A, amount: 2 })]),
    );
  });
});

describe('comprehensive energy of a year', () => {
  const ask = (more: string, year = 2026) =>
    district.ask(`{ comprehensiveEnergy(uscc: "${USCC_A}", year: ${year}, ${more}) { value low high basis lacking isVerified
      terms { energyClass consumption { total unit } coalEquivalent { value basis edition } missing } } }`);

  test('a year that is none, or what is named and counts for nothing, is refused', async () => {
    for (const [more, year, message] of [
      ['basis: EQUIVALENT', 1899, 'year: must be 2000 to 2100'],
      ['basis: EQUIVALENT, editions: ["GB/T 2589-1981"]', 2026, 'GB/T 2589-1981 counts for nothing'],
      [
        'basis: EQUIVALENT, energies: [{ energyClass: "09", energy: "WATER_GAS" }]',
        2026,
        '09 counts for nothing',
      ],
    ] as const) {
      const { errors } = await ask(more, year);
      expect(errors).toMatchObject([{ message: expect.stringContaining(message) as string }]);
    }
  });

  test('it keeps ranges, names the class without a coefficient, and is on one basis', async () => {
    const { data } = await ask('basis: EQUIVALENT');
    expect(data).toMatchObject({
      comprehensiveEnergy: {
        value: null,
        low: '1.14770045',
        high: '1.37770045',
        basis: 'EQUIVALENT',
        lacking: ['02'],
        isVerified: false,
        terms: [
          { energyClass: '01', consumption: { total: '110.5' }, coalEquivalent: { value: '0.01358045' } },
          {
            energyClass: '02',
            coalEquivalent: null,
            missing: expect.stringContaining('Energy class 02') as string,
          },
          { energyClass: '03', coalEquivalent: { value: null, basis: 'EQUIVALENT' } },
          { energyClass: '04', consumption: { total: '1', unit: 'GJ' } },
        ],
      },
    });
  });

  test('by equal value electricity is lacking until its edition is named; heat content does not stand in', async () => {
    const without = await ask('basis: EQUAL_VALUE');
    expect(without.data).toMatchObject({ comprehensiveEnergy: { low: '1.1', lacking: ['01', '02', '04'] } });
    const named = await ask('basis: EQUAL_VALUE, editions: ["HISTORICAL-0.404"]');
    expect(named.data).toMatchObject({ comprehensiveEnergy: { low: '1.144642', lacking: ['02', '04'] } });
  });

  test('with one figure for each class there is one value', async () => {
    const { data } = await ask(
      'basis: EQUIVALENT, energies: [{ energyClass: "03", energy: "PRODUCER_GAS" }]',
    );
    expect(data).toMatchObject({ comprehensiveEnergy: { value: '0.22630045' } });
  });
});
