import { run } from './campaign.js';
import type { Disagreement } from './judge.js';
import type { PolicyWorld } from './model.js';
import { oracle } from './oracle.js';

/** A hub that answers as the rules say, save that it takes every reading of a third party for one too many. */
async function judge(world: PolicyWorld) {
  const told = world.questions.map((question) => oracle(world, question));
  const disagreements = world.questions.flatMap((question, index): Disagreement[] => {
    const rules = told[index]?.['readings'] ?? '';
    const isThirdParty = world.tenants.some(
      ({ id, tier }) => id === question.tenant && tier === 'THIRD_PARTY',
    );
    return isThirdParty && / every /.test(rules) ? [{ question, line: 'readings', rules, hub: 'rows ' }] : [];
  });
  return { told, disagreements };
}

test('what goes wrong is cut down to the one world in which nothing can be left out', async () => {
  const { failure, worlds } = await run({ judge }, { seed: 1, worlds: 80 });

  const { world, disagreements } = failure!.smallest;
  expect(failure?.worlds).toContain(worlds - 1);
  expect(disagreements).toHaveLength(1);
  const { tenants, declarations, scopes, consents, enterprises, meters, readings, questions } = world;
  const needed = { tenants, declarations, scopes, consents, enterprises, meters, readings, questions };
  expect(Object.entries(needed).filter(([, rows]) => rows.length !== 1)).toEqual([]);
  expect([world.audits, world.reviews, world.inspections]).toEqual([[], [], []]);
  expect(questions[0]).toMatchObject({ ids: [], writes: [], uploads: [], batches: [], decisions: [] });
});

test('a campaign in which nothing goes wrong says how much it has asked', async () => {
  const agreeing = async (world: PolicyWorld) => ({ ...(await judge(world)), disagreements: [] });

  const outcome = await run({ judge: agreeing }, { seed: 1, worlds: 20 });

  expect(outcome).toMatchObject({ seed: 1, worlds: 20, failure: null });
  expect(outcome.questions).toBeGreaterThan(40);
  expect(outcome.answers).toBeGreaterThan(1_000);
});

test('the same seed gives the same worlds, another one others', async () => {
  const seen: PolicyWorld[] = [];
  const keeping = async (world: PolicyWorld) => {
    seen.push(world);
    return { told: [], disagreements: [] };
  };
  for (const seed of [1, 1, 2]) await run({ judge: keeping }, { seed, worlds: 1, from: 5 });

  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).not.toEqual(seen[0]);
});
