import fc from 'fast-check';
import { builtHub } from '../../../scripts/built-hub.js';
import type { Caller } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, date, estimating, hours, mustEstimate, sumOf } from './working.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  await has(district, { enterprises: [anEnterprise()], buildings: [aBuilding()] });
}, 120_000);
afterAll(() => world.close());

const DAYS = [12, 13, 14, 15];
/** Whole and without a finding, for methods that look back. */
const EARLIER = [5, 6, 7, 8, 9, 10, 11];
const hour = fc.integer({ min: 0, max: 23 });
const day = fc.constantFrom(...DAYS);
const step = fc.oneof(
  fc.record({
    kind: fc.constant('upload' as const),
    day,
    gaps: fc.array(fc.tuple(hour, fc.constantFrom(1, 2, 5, 24)), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('estimate' as const),
    day,
    days: fc.integer({ min: 1, max: 4 }),
    method: fc.constantFrom('LINEAR', 'SAME_DAY_LAST_WEEK', 'LOAD_PROFILE'),
  }),
  fc.record({ kind: fc.constant('withdraw' as const), day }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What the meter really used in an hour; no two hours after each other are alike. */
const used = (at: number): number => ((at * 7) % 13) + 1 + (at % 2);

/** From the second day to the third. */
const midnight = (of: number): [number, number][] => (of === 13 ? [[22, 2]] : []);

/** A day as it is uploaded: of a counter what it showed at the end of each hour. */
function uploaded(meter: string, kind: string, of: number, gaps: [number, number][]): object {
  const isMissing = (one: number): boolean =>
    gaps.some(([from, length]) => one >= from && one < from + length);
  let counter = 1_000 * of;
  const values = Array.from({ length: 24 }, (_, one) => {
    const value = used(of * 24 + one);
    counter += value;
    if (isMissing(one)) return null;
    return kind === 'REGISTER' ? counter : value;
  });
  return { meter, date: date(of), interval: 60, values };
}

/** Estimates in force where something else was measured than when they were made: there must be none. */
const STALE = `select from metering.estimate_day as stood
  cross join generate_subscripts(stood.values, 1) as place
  left join metering.day_block as block using (date, meter)
  where stood.superseded_at is null and stood.values[place] is not null
    and block.values[place]::numeric / 10 ^ block.scale is distinct from stood.replaced[place]::numeric / 10 ^ stood.scale`;

/** Exactly what stands in the rows, by another way than the hub adds it up. */
const STANDING = `select coalesce(sum(value::numeric / 10 ^ scale), 0)::float8 as total, count(value)::integer as values
  from metering.estimate_day cross join unnest(values) as value where meter = $1 and superseded_at is null`;

let meters = 0;

async function happens(id: string, meter: string, kind: string, one: Step): Promise<void> {
  const of = `meter(id: "${meter}")`;
  if (one.kind === 'upload') {
    await district.upload([uploaded(meter, kind, one.day, one.gaps)]);
  } else {
    const [before, city] = [await sumOf(district, of, [1, 31], ''), await sumOf(district, '', [1, 31], '')];
    if (one.kind === 'estimate')
      await estimating(district, id, one.method, [one.day, Math.min(one.day + one.days - 1, 15)]);
    else
      await district.ask(
        `mutation { withdrawEstimate(id: "${id}", date: "${date(one.day)}", note: "x") { date } }`,
      );
    expect([await sumOf(district, of, [1, 31], ''), await sumOf(district, '', [1, 31], '')]).toEqual([
      before,
      city,
    ]);
  }
  expect(await world.sql(STALE)).toEqual([]);
  const [standing] = await world.sql<{ total: number; values: number }>(STANDING, [meter]);
  const sum = await sumOf(district, of, [1, 31]);
  expect(sum.estimatedValues).toBe(standing!.values);
  expect(Number(sum.estimatedTotal)).toBeCloseTo(standing!.total, 4);
  // What a counter gathered is spread, and no more than that.
  if (kind === 'REGISTER') expect(sum.estimatedTotal).toBe(sum.replacedTotal);
}

test.each(['INTERVAL', 'REGISTER'] as const)(
  'whatever is uploaded, estimated and withdrawn of a meter of kind %s: measured sums are those of what was measured',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
        const meter = `${kind}-${++meters}`;
        await has(district, { meters: [aMeter({ id: meter, kind, installedOn: date(1) })] });
        const id = await aCase(world, meter, 'COMPLETENESS', DAYS);
        await district.upload(EARLIER.map((of) => uploaded(meter, kind, of, [])));
        await district.upload(DAYS.map((of) => uploaded(meter, kind, of, [[of, 3], ...midnight(of)])));
        for (const one of steps) await happens(id, meter, kind, one);
      }),
      { numRuns: 10, seed: 20_260_105 },
    );
    const made = await world.sql(
      `select from metering.estimate_day where meter like '${kind}%' and change = 'ESTIMATED'`,
    );
    expect(made.length).toBeGreaterThan(10);
  },
  240_000,
);

test('the quality index, statistics and a day’s package are the same with estimates as without', async () => {
  await has(district, { meters: [aMeter({ id: 'told', installedOn: date(1) })] });
  await district.upload([hours('told', 20, 1, { 3: null, 4: null })]);
  const id = await aCase(world, 'told', 'COMPLETENESS', [20]);
  const span = `from: "${date(20)}", to: "${date(20)}"`;
  const asked = async (): Promise<object> => {
    expect((await builtHub(world, ['quality', 'run', '--date', date(20)])).err).toBe('');
    return district.mustAsk(`{ qualityIndex(meterId: "told", ${span}) { due present onTime marked composite }
      statistics(area: "310101", ${span}, step: DAY) { nodes { energyItem total } }
      dailyPackage(date: "${date(20)}") { id revision } }`);
  };
  const before = await asked();
  expect(before).toMatchObject({
    qualityIndex: { due: 24, present: 22 },
    statistics: { nodes: [{ total: '33' }] },
  });
  await mustEstimate(district, id, 'LINEAR', [20, 20]);
  expect(await asked()).toEqual(before);
}, 60_000);
