import { toldBy } from '../../../gateway/disclosures/told.js';
import { smallCity, USCC_B } from '../../../world/city.js';
import { USCC_A } from '../../../world/parties.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const DAY = '2025-06-01';
/** Of another class than what the city has of that day. */
const ITEM = '03000';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  const district = world.as('district-310101');
  const gas = { id: 'sold', energyItem: ITEM, unit: 'm3' };
  await has(district, { meters: [aMeter(gas)] });
  await district.upload([{ meter: 'sold', date: DAY, interval: 1440, values: [100] }]);
  await has(district, { meters: [aMeter({ ...gas, buildingId: '310101A002' })] });
}, 120_000);
afterAll(() => world.close());

const breakdownOf = (uscc: string): string => `{ enterprise(uscc: "${uscc}") {
  energyBreakdown(from: "${DAY}", to: "${DAY}", energyClass: "03") { total { total } } } }`;
const yearOf = (uscc: string): string =>
  `{ comprehensiveEnergy(uscc: "${uscc}", year: 2025, basis: EQUIVALENT) { terms { consumption { total } } } }`;
const ask = (query: string): Promise<unknown> => world.as('district-310101').mustAsk(query);

test('what a meter measured before it changed hands is in no balance of its new owner', async () => {
  expect(await ask(breakdownOf(USCC_B))).toEqual({ enterprise: { energyBreakdown: { total: null } } });
  expect(await ask(yearOf(USCC_B))).toEqual({ comprehensiveEnergy: { terms: [] } });
});

test('it stays in that of the former one, of whom it is disclosed', async () => {
  const { told } = await toldBy(world, () => ask(breakdownOf(USCC_A)));

  expect(await ask(breakdownOf(USCC_A))).toEqual({
    enterprise: { energyBreakdown: { total: { total: '100' } } },
  });
  expect(await ask(yearOf(USCC_A))).toEqual({
    comprehensiveEnergy: { terms: [{ consumption: { total: '100' } }] },
  });
  expect(told).toContainEqual(expect.objectContaining({ category: 'readings', subject: USCC_A }));
});
