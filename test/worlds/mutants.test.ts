import { AT_ONCE, MOST_TENANTS } from './campaign.js';
import { worldOf } from './generate.js';
import { Courtroom, type Disagreement } from './judge.js';
import { merged } from './model.js';
import { MUTANTS } from './mutants.js';
import { all } from './planting.js';

/** The seed that the worlds of `MUTANTS` are of. */
const SEED = 24;
/** Rounds after which a leak counts as not seen. */
const PATIENCE = 6;

describe('a planted leak is seen', () => {
  let court: Courtroom;
  beforeAll(async () => {
    court = await Courtroom.open(AT_ONCE * MOST_TENANTS);
  }, 120_000);
  afterAll(() => court.close());

  async function disagreementsOf(worlds: readonly number[]): Promise<Disagreement[]> {
    return (await court.judge(merged(worlds.map((index) => worldOf(SEED, index))))).disagreements;
  }

  /** What comes out wrong in one round of worlds after the other. */
  async function* disagreements(
    rounds: number,
    first: readonly number[] = [],
  ): AsyncGenerator<Disagreement[]> {
    if (first.length > 0) yield await disagreementsOf(first);
    for (let round = 0; round < rounds; round += 1)
      yield await disagreementsOf(Array.from({ length: AT_ONCE }, (_, index) => round * AT_ONCE + index));
  }

  test.each(MUTANTS.map((mutants) => ({ mutants, names: mutants.map(({ name }) => name).join('; ') })))(
    '$names',
    async ({ mutants }) => {
      const pull = await all(...mutants.map(({ plant }) => plant))(court.owner);
      const first = [...new Set(mutants.flatMap(({ worlds }) => worlds))];
      let unseen = mutants;
      try {
        for await (const found of disagreements(PATIENCE, first)) {
          unseen = unseen.filter(({ shows }) => !found.some(({ line }) => shows.test(line)));
          if (unseen.length === 0) break;
        }
      } finally {
        await pull();
      }
      expect(unseen.map(({ name }) => name)).toEqual([]);
    },
    120_000,
  );

  test('and with all of them taken out again hub and rules agree', async () => {
    for await (const found of disagreements(3)) expect(found).toEqual([]);
  }, 240_000);
});
