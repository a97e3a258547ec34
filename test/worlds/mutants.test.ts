import { AT_ONCE, MOST_TENANTS } from './campaign.js';
import { worldOf } from './generate.js';
import { Courtroom, type Disagreement } from './judge.js';
import { merged } from './model.js';
import { MUTANTS } from './mutants.js';

/** Rounds after which a leak counts as not seen. */
const PATIENCE = 6;

describe('a planted leak is seen', () => {
  let court: Courtroom;
  beforeAll(async () => {
    court = await Courtroom.open(AT_ONCE * MOST_TENANTS);
  }, 120_000);
  afterAll(() => court.close());

  /** What comes out wrong in the first rounds of worlds, until something does. */
  async function disagreements(shows: RegExp, rounds = PATIENCE): Promise<Disagreement[]> {
    for (let round = 0; round < rounds; round += 1) {
      const worlds = Array.from({ length: AT_ONCE }, (_, index) => worldOf(3, round * AT_ONCE + index));
      const { disagreements: found } = await court.judge(merged(worlds));
      if (found.some(({ line }) => shows.test(line))) return found;
    }
    return [];
  }

  test.each(MUTANTS)(
    '$name',
    async ({ plant, shows }) => {
      const pull = await plant(court.owner);
      try {
        expect((await disagreements(shows)).length).toBeGreaterThan(0);
      } finally {
        await pull();
      }
    },
    120_000,
  );

  test('and with all of them taken out again hub and rules agree', async () => {
    expect(await disagreements(/./, 3)).toEqual([]);
  }, 240_000);
});
