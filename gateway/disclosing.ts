import type { Disclosed } from '../subgraphs/runtime/disclosures.js';
import { type Answered, commit, type Told } from './ledger/commitments.js';
import type { Ledger } from './ledger/ledger.js';
import type { RequestContext } from './plan/request.js';
import { decide } from './policy/decide.js';
import type { Category } from './policy/categories.js';

/**
 * Records what an answer tells of whom. Resolves when that is committed; nothing leaves before. Called in the same tick
 * as the answer's own entry is appended, it goes into the same statement.
 */
export async function appendDisclosures(
  ledger: Ledger,
  asking: Pick<RequestContext, 'request' | 'caller' | 'purpose' | 'facts'>,
  answer: Pick<Answered, 'operation' | 'object'>,
  disclosed: readonly Disclosed[],
): Promise<void> {
  const told = toldOf(asking, disclosed);
  if (told.length === 0) return;
  const { request, caller, purpose } = asking;
  const { facts, commitments } = commit({ request, recipient: caller.tenant, purpose, ...answer }, told);
  await ledger.append(facts, commitments);
}

/** What the rooms counted, one for each subject, category and area; who reads its own is told nothing. */
function toldOf(
  { caller, purpose, facts }: Pick<RequestContext, 'caller' | 'purpose' | 'facts'>,
  disclosed: readonly Disclosed[],
): Told[] {
  const consentsFor = consentsBy(caller, purpose, facts);
  const told = new Map<string, Told>();
  for (const { category, subject, area, values } of disclosed) {
    if (subject === caller.uscc) continue;
    const key = `${category} ${subject} ${area}`;
    const known = told.get(key);
    if (known) known.values += values;
    else told.set(key, { category, subject, area, values, consents: consentsFor(category, subject) });
  }
  return [...told.values()];
}

/** Under which consents a third party received something: those on which the policy said yes. */
function consentsBy(
  caller: RequestContext['caller'],
  purpose: RequestContext['purpose'],
  facts: RequestContext['facts'],
): (category: Category, subject: string) => string[] {
  if (caller.tier !== 'THIRD_PARTY') return () => [];
  const now = new Date();
  const deciding = new Map<Category, Set<string>>();
  return (category, subject) => {
    let ids = deciding.get(category);
    if (!ids) {
      const decision = decide({ caller, ...facts, permission: `${category}:read`, purpose, now });
      ids = new Set(decision.allowed ? decision.consents : []);
      deciding.set(category, ids);
    }
    return facts.consents
      .filter((consent) => consent.subject === subject && ids.has(consent.id))
      .map(({ id }) => id);
  };
}
