import { readdirSync, readFileSync } from 'node:fs';
import { CATEGORIES } from '../../gateway/policy/categories.js';
import { AT_ONCE, MOST_TENANTS, type Outcome, run } from './campaign.js';
import { Courtroom } from './judge.js';
import type { PolicyWorld } from './model.js';

/** A share of what `npm run worlds` goes through; the same worlds in every run, so that a red one stays red. */
const SEED = 20_260_101;
const WORLDS = 64;
/** Found by longer campaigns, cut down, and kept. */
const KEPT = 'test/worlds/kept';

describe('one policy at every door', () => {
  let court: Courtroom;
  let outcome: Outcome;
  beforeAll(async () => {
    court = await Courtroom.open(AT_ONCE * MOST_TENANTS);
    outcome = await run(court, { seed: SEED, worlds: WORLDS });
  }, 600_000);
  afterAll(() => court.close());

  test('GraphQL, the upload receipt and the package say what the rules say, in every world', () => {
    expect(outcome.failure).toBeNull();
    expect(outcome.worlds).toBe(WORLDS);
  });

  test.each(readdirSync(KEPT))('and in a world that once went wrong: %s', async (name) => {
    const world = JSON.parse(readFileSync(`${KEPT}/${name}`, 'utf8')) as PolicyWorld;

    expect((await court.judge(world)).disagreements).toEqual([]);
  });

  test.each(Object.keys(CATEGORIES))('%s are generated, asked for, shown and withheld', (category) => {
    const { shown = 0, withheld = 0 } = outcome.lists[category] ?? {};

    expect(shown).toBeGreaterThan(0);
    expect(withheld).toBeGreaterThan(0);
  });

  test.each([
    'rows',
    'an empty list',
    'rows, some of them refused FOREIGN_METER',
    'refused SCOPE_MISSING scope/named',
    'refused PURPOSE_NOT_ALLOWED scope/purpose',
    'refused PURPOSE_NOT_DECLARED purpose/declared',
    'refused PURPOSE_REQUIRED purpose/stated',
    'refused PURPOSE_UNKNOWN purpose/listed',
    'refused AREA_OUT_OF_REACH platform/area',
    'refused CONSENT_REQUIRED third-party/consent',
    'refused ROW_OUT_OF_REACH rows/reach',
    'refused ROW_OUT_OF_REACH statistics/own-area',
    'refused ROW_OUT_OF_REACH limits/month',
    'refused ROW_OUT_OF_REACH access/all-facts',
    'readings coarser than metered',
  ])('among the answers there are some with: %s', (kind) => {
    expect(outcome.kinds[kind] ?? 0).toBeGreaterThan(0);
  });
});
