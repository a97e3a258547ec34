import { Client } from 'pg';
import { limited } from '../../../corrections/limited.js';
import type { Caller } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, codes, date, estimatesOf, estimating, hours, mustEstimate, sumOf } from './working.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  const ids = ['negative', 'stuck', 'guarded', 'raced'];
  const meters = ids.map((id) => aMeter({ id, installedOn: date(1) }));
  await has(district, { enterprises: [anEnterprise()], buildings: [aBuilding()], meters });
}, 120_000);
afterAll(() => world.close());

test('a value that the rule of the case rejects stays in the total, which says how much of it is replaced', async () => {
  await district.upload([hours('negative', 5, 2), hours('negative', 6, 2, { 4: -10 })]);
  const id = await aCase(world, 'negative', 'NEGATIVE', [6], { span: [4, 4] });
  await mustEstimate(district, id, 'LINEAR', [6, 6]);
  expect(await sumOf(district, 'meter(id: "negative")', [6, 6])).toMatchObject({
    total: '48',
    replacedTotal: '-10',
    estimatedTotal: '3',
    isComplete: true,
  });
  const [estimate] = await estimatesOf(district, 'negative');
  expect(estimate!.replaced[4]).toBe('-10');
});

test('a run over midnight is rejected whole, on both of its days', async () => {
  const all = (hour: number): Record<number, number> => ({ [hour]: 5 });
  const evening = Object.assign({}, ...[17, 18, 19, 20, 21, 22, 23].map(all)) as Record<number, number>;
  const morning = Object.assign({}, ...[0, 1, 2, 3, 4, 5, 6].map(all)) as Record<number, number>;
  await district.upload([
    hours('stuck', 5, 1, { ...evening, 16: 2 }),
    hours('stuck', 6, 1, { ...morning, 7: 17 }),
  ]);
  const id = await aCase(world, 'stuck', 'STUCK', []);
  const made = await mustEstimate(district, id, 'LINEAR', [5, 6]);
  // From 2 to 17 over 14 intervals is one more in each.
  expect(made.map(({ values }) => values.filter((value) => value !== null))).toEqual([
    ['3', '4', '5', '6', '7', '8', '9'],
    ['10', '11', '12', '13', '14', '15', '16'],
  ]);
  expect(await sumOf(district, 'meter(id: "stuck")', [5, 6])).toMatchObject({
    replacedTotal: '70',
    estimatedTotal: '133',
  });
});

/** A row as the hub writes it, of the fifth day of the meter `guarded`; `$1` is the case. */
const insert = (values: string, replaced: string, change = 'ESTIMATED'): string => `
  insert into metering.estimate_day (date, meter, change, interval_minutes, scale, values, replaced, method, is_bounded,
    parameters, made_from, case_id, note)
  select '${date(5)}', 'guarded', '${change}', 60, 0, array_fill(null::bigint, array[3]) || ${values} || array_fill(null::bigint, array[20]),
    array_fill(null::bigint, array[3]) || ${replaced} || array_fill(null::bigint, array[20]), 'LINEAR', false, '{}', '{}', $1, 'x'`;

describe('the database refuses, whoever writes', () => {
  let id: string;
  beforeAll(async () => {
    await district.upload([hours('guarded', 5, 1)]);
    id = await aCase(world, 'guarded', 'COMPLETENESS', [5]);
  });

  test.each([
    ['an estimate beside a measured value', '7::bigint', 'null::bigint', 'what was measured is not replaced'],
    [
      'an estimate for a value that no rule rejects',
      '7::bigint',
      '2::bigint',
      'what was measured is not replaced',
    ],
    [
      'nothing but a value that is said to be replaced',
      'null::bigint',
      '2::bigint',
      'what was measured is not replaced',
    ],
  ])('%s', async (_what, values, replaced, message) => {
    await expect(world.sql(insert(values, replaced), [id])).rejects.toThrow(message);
  });

  test('a case of another meter, and taking back what there is not', async () => {
    const other = await aCase(world, 'stuck', 'COMPLETENESS', [5]);
    await expect(world.sql(insert('7::bigint', 'null::bigint'), [other])).rejects.toThrow('not about it');
    await expect(world.sql(insert('7::bigint', 'null::bigint', 'WITHDRAWN'), [id])).rejects.toThrow(
      'no estimate in force',
    );
  });
});

test('who may not see the values as they were metered estimates nothing: all would look missing', async () => {
  const id = await aCase(world, 'guarded', 'COMPLETENESS', [5]);
  const limit = { tenant: 'district-310101', category: 'readings', energyKinds: ['02'] };
  for (const field of ['estimateDays', 'estimatePreview']) {
    const reply = await limited(world, limit, () => estimating(district, id, 'LINEAR', [5, 5], { field }));
    expect(reply.errors?.[0]?.extensions).toMatchObject({
      code: 'ROW_OUT_OF_REACH',
      rule: 'estimates/as-metered',
    });
  }
});

test('an upload under way is waited for: what it brings is measured, and is not estimated', async () => {
  await district.upload([hours('raced', 5, 1, { 3: null })]);
  const id = await aCase(world, 'raced', 'COMPLETENESS', [5]);
  const upload = new Client({ connectionString: world.ownerUrl });
  await upload.connect();
  await upload.query('begin');
  await upload.query(
    `update metering.day_block set values[4] = 5, total = total + 5, present = 24 where meter = 'raced'`,
  );
  const asked = estimating(district, id, 'LINEAR', [5, 5]);
  const isWaiting = await Promise.race([
    asked.then(() => false),
    new Promise((go) => setTimeout(go, 1_000, true)),
  ]);
  await upload.query('commit');
  await upload.end();
  expect([isWaiting, codes(await asked)]).toEqual([true, ['CONFLICT']]);
  expect(await estimatesOf(district, 'raced', true)).toEqual([]);
});
