import { day, upload } from '../../../exchange/sample.js';
import type { Caller } from '../../../world/caller.js';
import { aMeter, has } from '../../../world/things.js';
import type { World } from '../../../world/world.js';
import { differencePage, differences, only, reported } from './compared.js';
import { aSupply, lines, linked, suppliedCity, supply } from './supplied.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await suppliedCity();
  district = world.as('district-310101');
}, 120_000);
afterAll(() => world.close());

test('records of one period count together, several meters too; units without an exact way are not compared', async () => {
  const gas = { item: '03', unit: 'm3', customer: 'G1' };
  await supply(
    world,
    lines(aSupply({ ...gas, record: 'g' }), aSupply({ ...gas, record: 'h', unit: 'kWh' })),
    { as: 'enterprise-a' },
  );
  await linked(district, { supplier: 'enterprise-a', customer: 'G1', meters: ['gas'] });
  await has(district, { meters: [aMeter({ id: 'two-a' }), aMeter({ id: 'two-b' })] });
  for (const date of ['2026-01-05', '2026-01-06'])
    await upload(world, `${day('two-a', date, '0.1')}\n${day('two-b', date, '0.2')}\n`);
  await supply(
    world,
    lines(
      aSupply({ customer: 'two', record: 'r1', meter: 'S1', amount: '4.8' }),
      aSupply({ customer: 'two', record: 'r1', meter: 'S2', amount: '9.6' }),
    ),
  );
  await linked(district, { customer: 'two', meters: ['two-a', 'two-b'] });

  expect(await only(district, 'G1')).toMatchObject({ state: 'UNITS_DIFFER', supplied: null, unit: null });
  expect(await only(district, 'two')).toMatchObject({
    state: 'MATCHED',
    supplied: '14.4',
    metered: '14.4',
    records: ['r1'],
    meters: ['two-a', 'two-b'],
  });
});

test('who sees one meter of two is given no figure; who sees both, the sum', async () => {
  const city = world.as('municipal').for('SUPERVISION');
  await has(district, { meters: [aMeter({ id: 'near' })] });
  await upload(world, `${day('near', '2026-01-05')}\n${day('near', '2026-01-06')}\n`);
  await upload(
    world,
    `${day('south', '2026-01-05')}\n${day('south', '2026-01-06')}\n`,
    {},
    'district-310104',
  );
  await reported(world, 'wide', [], { amount: '96' });
  await linked(city, { customer: 'wide', meters: ['near', 'south'] });

  expect(await only(district, 'wide')).toMatchObject({ state: 'WITHHELD', metered: null, difference: null });
  expect(await only(city, 'wide')).toMatchObject({
    state: 'MATCHED',
    metered: '96',
    meters: ['near', 'south'],
  });
});

test('heat in GJ is compared with a meter in kWh, exactly', async () => {
  await has(district, { meters: [aMeter({ id: 'heat', energyItem: '04000' })] });
  await upload(world, `${day('heat', '2026-01-05')}\n${day('heat', '2026-01-06')}\n`);
  const heat = aSupply({ customer: 'H', record: 'H', item: '04', unit: 'GJ', amount: '0.1728' });
  await supply(world, lines(heat), { as: 'enterprise-a' });
  await linked(district, { supplier: 'enterprise-a', customer: 'H', meters: ['heat'] });

  expect(await only(district, 'H')).toMatchObject({
    state: 'MATCHED',
    unit: 'GJ',
    metered: '0.1728',
    difference: '0',
  });
});

test('an admin sets the tolerance of its area, and the nearest counts at once', async () => {
  const set = (by: Caller, area: string, percent: string) =>
    by.ask(
      `mutation { done: setSupplyTolerance(tolerance: { area: "${area}", energyClass: "01", percent: "${percent}", source: "trial" }) { version } }`,
    );
  const operator = world.as('municipal').for('PLATFORM_OPERATION');
  expect((await set(district, '310101', '50')).errors?.[0]?.extensions.code).toBe('SCOPE_MISSING');
  expect((await set(operator, '320000', '50')).errors?.[0]?.extensions.code).toBe('ROW_OUT_OF_REACH');
  expect((await set(operator, '310101', '101')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');

  await has(district, { meters: [aMeter({ id: 'set' })] });
  await upload(world, `${day('set', '2026-01-05')}\n${day('set', '2026-01-06')}\n`);
  await reported(world, 'H2', ['set'], { amount: '48.96' });
  expect((await only(district, 'H2')).state).toBe('MATCHED');
  await set(operator, '310000', '1');
  expect((await only(district, 'H2')).state).toBe('DIFFERENT');
  await set(operator, '310101', '3');
  expect(await only(district, 'H2')).toMatchObject({
    state: 'MATCHED',
    tolerance: '3',
    toleranceVerified: true,
  });
});

test('a page is a fixed number of statements, however many rows; pages join without a gap', async () => {
  const all = await differences(district, 'first: 100');
  const seen: typeof all = [];
  for (let after: string | null = ''; after !== null;) {
    const { nodes, pageInfo } = await differencePage(district, `first: 2${after && `, after: "${after}"`}`);
    seen.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  }
  expect(seen).toEqual(all);
  expect(all.length).toBeGreaterThan(3);

  const statements = async (first: number): Promise<number> => {
    world.forget();
    await differences(district, `first: ${first}`);
    return world.queries.length;
  };
  expect(await statements(100)).toBe(await statements(1));
});
