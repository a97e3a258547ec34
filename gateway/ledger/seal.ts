import { createHmac, type KeyObject } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { Problem } from './evidence.js';

/** Of the facts as they are hashed. Not part of the leaf: only the home can check it, and proofs are for anybody. */
export function sealOf(key: KeyObject, facts: string): Buffer {
  return createHmac('sha256', key).update(facts).digest();
}

/**
 * Whether rows were written by the hub. The triggers link whatever is put in, also by hand; only the hub can seal it. A
 * row that was copied with its seal repeats a leaf, which salted facts never do.
 */
export class Seals {
  readonly #key: KeyObject | undefined;
  readonly #repeated: number | undefined;

  private constructor(key: KeyObject | undefined, repeated: number | undefined) {
    [this.#key, this.#repeated] = [key, repeated];
  }

  static async open(db: Pool | ClientBase, last: number, key: KeyObject | undefined): Promise<Seals> {
    return new Seals(key, await firstRepeated(db, last));
  }

  /** What is wrong with a row that is rightly chained. */
  faultAt({ sequence, facts, seal }: { sequence: number; facts: string; seal: Buffer }): Problem | undefined {
    if (sequence === this.#repeated) {
      return { sequence, what: 'inserted', detail: `Row ${sequence} repeats an entry before it.` };
    }
    if (!this.#key || seal.equals(sealOf(this.#key, facts))) return undefined;
    const detail = `Row ${sequence} does not bear the seal of this hub: somebody else put it there or changed it.`;
    return { sequence, what: 'inserted', detail };
  }
}

async function firstRepeated(db: Pool | ClientBase, last: number): Promise<number | undefined> {
  const { rows } = await db.query<{ sequence: string | null }>(
    `select min(second) as sequence from (
       select (array_agg(sequence order by sequence))[2] as second from ledger.entry where sequence <= $1
       group by leaf having count(*) > 1) as repeated`,
    [last],
  );
  return rows[0]?.sequence ? Number(rows[0].sequence) : undefined;
}
