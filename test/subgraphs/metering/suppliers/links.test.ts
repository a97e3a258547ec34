import { toldBy } from '../../../gateway/disclosures/told.js';
import { aConsent, recordConsents } from '../../../world/admin.js';
import type { Caller } from '../../../world/caller.js';
import { USCC_A } from '../../../world/parties.js';
import { aBuilding, aMeter, has } from '../../../world/things.js';
import type { World } from '../../../world/world.js';
import { differences } from './compared.js';
import { aSupply, GRID, lines, link, linked, OTHER, suppliedCity, suppliesOf, supply } from './supplied.js';

let world: World;
let district: Caller;
let owner: Caller;
beforeAll(async () => {
  world = await suppliedCity();
  [district, owner] = [world.as('district-310101'), world.as('enterprise-a')];
}, 120_000);
afterAll(() => world.close());

type Answer = Awaited<ReturnType<Caller['ask']>>;
const refused = ({ errors }: Answer): unknown[] => [errors?.[0]?.extensions.code, errors?.[0]?.message];
const confirm = (by: Caller, id: string): Promise<Answer> =>
  by.ask('mutation ($id: ID!) { done: confirmCustomerLink(id: $id) { isConfirmed confirmedBy } }', { id });
const end = (by: Caller, id: string, validTo: string): Promise<Answer> =>
  by.ask(
    'mutation ($id: ID!, $to: LocalDate!) { done: endCustomerLink(id: $id, validTo: $to) { validTo endedBy } }',
    {
      id,
      to: validTo,
    },
  );
const seenBy = async (by: Caller, customer: string): Promise<number> =>
  (await suppliesOf(by, `customer: "${customer}"`)).length;

test.each([
  [
    'a meter of the neighbours',
    'district-310101',
    { meters: ['south'], energyItem: '01000' },
    'ROW_OUT_OF_REACH',
  ],
  [
    'a meter that nobody registered',
    'district-310101',
    { meters: ['none'], energyItem: '01000' },
    'ROW_OUT_OF_REACH',
  ],
  ['no meter', 'district-310101', { meters: [] }, 'BAD_USER_INPUT'],
  [
    'a meter of another energy',
    'district-310101',
    { meters: ['gas'], energyItem: '01000' },
    'BAD_USER_INPUT',
  ],
  ['meters of two energies', 'district-310101', { meters: ['gas', 'm1'] }, 'BAD_USER_INPUT'],
  ['an end before the beginning', 'district-310101', { validTo: '2025-01-01' }, 'BAD_USER_INPUT'],
  ['a customer with a blank at its end', 'district-310101', { customer: '12 ' }, 'BAD_USER_INPUT'],
  [
    'an enterprise and another’s meter',
    'enterprise-a',
    { meters: ['other'], energyItem: '01000' },
    'ROW_OUT_OF_REACH',
  ],
  ['the supplier itself', GRID, {}, 'SCOPE_MISSING'],
])('linking %s is refused', async (_what, as, rest, code) => {
  expect(refused(await link(world.as(as), rest))[0]).toBe(code);
  expect(await world.sql('select from metering.customer_link')).toEqual([]);
});

test('a meter has one customer of a supplier and item at a time; the refusal says which rule', async () => {
  await linked(district, { customer: 'first', validTo: '2026-02-01' });

  const overlapping = await link(district, { customer: 'second', validFrom: '2026-01-31' });
  expect(refused(overlapping)).toEqual(['CONFLICT', expect.stringMatching(/another customer number/)]);
  const anotherOwner = await link(district, {
    customer: 'first',
    meters: ['other'],
    validFrom: '2026-01-15',
  });
  expect(refused(anotherOwner)).toEqual(['CONFLICT', expect.stringMatching(/another enterprise/)]);

  expect(
    (await link(district, { customer: 'second', validFrom: '2026-02-01', validTo: '2026-03-01' })).errors,
  ).toBeUndefined();
  expect((await link(district, { customer: 'first', supplier: 'enterprise-a' })).errors).toBeUndefined();
});

test('what an enterprise says of itself shows it nothing until a platform of the area confirms it', async () => {
  await supply(world, lines(aSupply({ customer: 'claimed', record: 'c' })));
  const [id = ''] = await linked(owner, { customer: 'claimed', meters: ['m2'] });

  expect(await seenBy(owner, 'claimed')).toBe(0);
  expect(refused(await confirm(owner, id))[0]).toBe('ROW_OUT_OF_REACH');
  expect(refused(await confirm(world.as('district-310104'), id))[0]).toBe('NOT_FOUND');
  expect(await seenBy(owner, 'claimed')).toBe(0);

  expect((await confirm(district, id)).data).toEqual({
    done: { isConfirmed: true, confirmedBy: 'district-310101' },
  });
  expect(await seenBy(owner, 'claimed')).toBe(1);
  await supply(
    world,
    lines(aSupply({ customer: 'claimed', record: 'd', from: '2026-01-07', to: '2026-01-08' })),
  );
  expect(await seenBy(owner, 'claimed')).toBe(2);
});

test('a district’s link opens nothing of what was reported of the whole city, or of another district', async () => {
  await has(district, { meters: [aMeter({ id: 'm3' })] });
  const said = ['310000', '310104', '310101'].map((area) => aSupply({ customer: 'far', record: area, area }));
  await supply(world, lines(...said));
  await linked(district, { customer: 'far', meters: ['m3'] });

  expect((await suppliesOf(owner, 'customer: "far"')).map(({ id }) => id)).toHaveLength(1);
  const city = world.as('municipal').for('SUPERVISION');
  const [wide = ''] = await linked(city, { customer: 'far', meters: ['daily'] });
  expect(await seenBy(owner, 'far')).toBe(3);
  await end(city, wide, '2026-01-01');
  expect(await seenBy(owner, 'far')).toBe(1);
});

test('a link is only ever cut short; ended on its first day it never was', async () => {
  await has(district, { meters: [aMeter({ id: 'm4' })] });
  await supply(world, lines(aSupply({ customer: 'wrong', record: 'w' })));
  const [id = ''] = await linked(district, { customer: 'wrong', meters: ['m4'] });
  expect(await seenBy(owner, 'wrong')).toBe(1);

  expect(refused(await end(district, id, '2025-12-31'))[0]).toBe('BAD_USER_INPUT');
  expect(refused(await end(world.as('district-310104'), id, '2026-01-01'))[0]).toBe('NOT_FOUND');
  expect((await end(district, id, '2026-01-01')).data).toMatchObject({
    done: { endedBy: 'district-310101' },
  });
  expect(refused(await end(district, id, '2026-06-01'))[0]).toBe('WRONG_STATE');

  expect(await seenBy(owner, 'wrong')).toBe(0);
  expect((await link(district, { customer: 'right', meters: ['m4'] })).errors).toBeUndefined();
});

test('a meter that changes hands ends its links: nobody gets the bills of before, or those to come', async () => {
  await has(district, {
    buildings: [aBuilding({ id: '310101A003' })],
    meters: [aMeter({ id: 'm5', buildingId: '310101A003' })],
  });
  await supply(world, lines(aSupply({ customer: 'moved', record: 'm' })));
  await linked(district, { customer: 'moved', meters: ['m5'] });

  await has(district, { meters: [aMeter({ id: 'm5', buildingId: '310101A002' })] });

  const [row] = await world.sql<{ subject: string; ended: boolean }>(
    `select subject, valid_to = (now() at time zone 'Asia/Shanghai')::date as ended from metering.customer_link where customer = 'moved'`,
  );
  expect([row?.subject === OTHER, row?.ended, await seenBy(owner, 'moved')]).toEqual([false, true, 1]);
});

test('candidates are meters that bear the supplier’s number; nothing is linked by them', async () => {
  const said = aSupply({ customer: 'G2', record: 'g', item: '03', unit: 'm3', meter: 'G-17' });
  await supply(world, lines(said, aSupply({ ...said, customer: 'G3', meter: 'G-99' })), {
    as: 'enterprise-a',
  });
  const query = '{ customerCandidates { nodes { customer supplierMeter meterId by } } }';

  expect(await district.ask(query)).toEqual({
    data: {
      customerCandidates: {
        nodes: [{ customer: 'G2', supplierMeter: 'G-17', meterId: 'gas', by: 'EXTERNAL_VALUE' }],
      },
    },
  });
  expect(await world.as('district-310104').ask(query)).toEqual({
    data: { customerCandidates: { nodes: [] } },
  });
  await linked(district, { supplier: 'enterprise-a', customer: 'G2', meters: ['gas'] });
  expect(await district.ask(query)).toEqual({ data: { customerCandidates: { nodes: [] } } });
});

test('what is read of a customer that is known is a disclosure about it; its supplier learns nothing by a consent', async () => {
  await recordConsents(world, owner, aConsent({ categories: ['meters', 'readings'] }));
  const grid = world.as(GRID);
  const query =
    '{ supplyDifferences(from: "2026-01-01", to: "2026-01-31") { nodes { state } } customerLinks { nodes { id } } customerCandidates { nodes { meterId } } }';
  expect((await grid.ask(query)).data).toEqual({
    supplyDifferences: { nodes: [] },
    customerLinks: { nodes: [] },
    customerCandidates: { nodes: [] },
  });

  const byGrid = await toldBy(world, () => suppliesOf(grid, 'customer: "claimed"'));
  expect(byGrid.told).toMatchObject([{ category: 'supplies', subject: USCC_A, amount: 2 }]);
  const own = await toldBy(world, () => suppliesOf(owner, 'customer: "claimed"'));
  expect([own.answer.length, own.told]).toEqual([2, []]);
  const compared = await toldBy(world, () => differences(district, 'customer: "claimed"'));
  expect(compared.told.map(({ category, amount }) => [category, amount])).toEqual([
    ['meters', 2],
    ['readings', 0],
    ['supplies', 2],
  ]);
});
