import type { Act } from '../subgraphs/runtime/acts.js';
import type { Ledger } from './ledger/ledger.js';
import type { RequestContext } from './plan/request.js';

/** Characters of the acts of one entry; with the members beside them it stays below the 16 KiB that an entry may take. */
const MOST_TEXT = 15_000;

/**
 * Records what a mutation did, to which objects: in one entry, or in several where it is much. Resolves when that is
 * committed. Called in the same tick as the answer's own entry is appended, it goes into the same batch.
 */
export async function appendActs(
  ledger: Ledger,
  { request, caller, purpose }: Pick<RequestContext, 'request' | 'caller' | 'purpose'>,
  acts: readonly Act[],
): Promise<void> {
  const facts = { event: 'ACT', request, tenant: caller.tenant, purpose } as const;
  await Promise.all(portions(acts).map((portion) => ledger.append({ ...facts, acts: portion })));
}

function portions(acts: readonly Act[]): Act[][] {
  const all: Act[][] = [];
  let text = MOST_TEXT;
  for (const act of acts) {
    const { length } = JSON.stringify(act);
    if (text + length >= MOST_TEXT) {
      all.push([]);
      text = 0;
    }
    all.at(-1)!.push(act);
    text += length + 1;
  }
  return all;
}
