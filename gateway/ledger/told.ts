import type { ClientBase, Pool } from 'pg';
import type { Category } from '../policy/categories.js';
import { type Answered, detailsText } from './commitments.js';
import type { DisclosureFacts } from './entry.js';
import type { Problem, Tampering } from './evidence.js';
import { leafHash } from './hash.js';
import { Frontier } from './tree.js';

/** A row of ledger.disclosure: what an entry commits to. */
interface ToldRow {
  sequence: number;
  place: number;
  subject: string;
  area: string;
  category: Category;
  values: number;
  consents: string[];
  salt: string;
  commitment: Buffer;
}

/** Rows in memory at once. */
const PAGE = 5_000;
const IS_DISCLOSURE = '"event":"DISCLOSURE"';

/** What entries told of subjects, met entry by entry on a walk over the ledger: each must be what its entry commits to. */
export class ToldWalk {
  readonly #db: Pool | ClientBase;
  readonly #last: number;
  readonly #rows: AsyncGenerator<ToldRow>;
  /** Read and not met yet; null when none is left. */
  #next: ToldRow | null | undefined;

  constructor(db: Pool | ClientBase, last: number) {
    [this.#db, this.#last] = [db, last];
    this.#rows = toldRows(db, last);
  }

  /** What is wrong with the rows of this entry, whose own facts hold. */
  async faultAt({ sequence, facts }: { sequence: number; facts: string }): Promise<Problem | undefined> {
    if (this.#next === undefined) await this.#advance();
    if (facts.includes(IS_DISCLOSURE)) return this.#faultOf(sequence, JSON.parse(facts) as DisclosureFacts);
    if (!this.#next || this.#next.sequence > sequence) return undefined;
    return problem(this.#next.sequence, 'inserted', 'has a disclosure beside it and is no entry of one');
  }

  /** Rows that lie behind the last entry: whatever wrote them wrote their entry too. */
  async faultAfter(): Promise<Problem | undefined> {
    const { rows } = await this.#db.query<{ sequence: string }>(
      `select sequence from ledger.disclosure as told
       where sequence > $1 and not exists (select from ledger.entry where sequence = told.sequence)
       order by sequence limit 1`,
      [this.#last],
    );
    return (
      rows[0] && problem(Number(rows[0].sequence), 'deleted', 'is gone, and its disclosures are still there')
    );
  }

  async #faultOf(sequence: number, facts: DisclosureFacts): Promise<Problem | undefined> {
    const { request, tenant: recipient, purpose, operation, object, count, root } = facts;
    const answered = { request, recipient, purpose, operation, object };
    const tree = new Frontier();
    for (let row = this.#next; row && row.sequence <= sequence; row = await this.#advance()) {
      if (row.sequence < sequence)
        return problem(row.sequence, 'inserted', 'has a disclosure and is no entry');
      if (row.place !== tree.size)
        return problem(sequence, 'deleted', `lacks its disclosure at place ${tree.size}`);
      const text = textOf(answered, row);
      if (!row.commitment.equals(leafHash(text)))
        return problem(sequence, 'changed', `does not commit to its disclosure at place ${row.place}`);
      tree.append(row.commitment);
    }
    if (tree.size < count)
      return problem(sequence, 'deleted', `has ${tree.size} of its ${count} disclosures`);
    if (tree.size > count)
      return problem(sequence, 'inserted', `has ${tree.size} disclosures instead of ${count}`);
    if (tree.root().toString('hex') === root) return undefined;
    return problem(sequence, 'changed', 'commits to other disclosures than those that are kept');
  }

  async #advance(): Promise<ToldRow | null> {
    const { done, value } = await this.#rows.next();
    this.#next = done ? null : value;
    return this.#next;
  }
}

function textOf(answered: Answered, row: ToldRow): string {
  const { subject, area, category, values, consents, salt } = row;
  return detailsText(answered, { subject, area, category, values, consents, salt });
}

function problem(sequence: number, what: Tampering, does: string): Problem {
  return { sequence, what, detail: `Row ${sequence} ${does}.` };
}

async function* toldRows(db: Pool | ClientBase, last: number): AsyncGenerator<ToldRow> {
  let after: [sequence: number, place: number] = [Number.MIN_SAFE_INTEGER, 0];
  for (;;) {
    const { rows } = await db.query<
      Omit<ToldRow, 'sequence' | 'values'> & { sequence: string; amount: string }
    >(
      `select sequence, place, subject, area, category, amount, consents, salt, commitment from ledger.disclosure
       where (sequence, place) > ($1, $2) and sequence <= $3 order by sequence, place limit $4`,
      [...after, last, PAGE],
    );
    for (const { amount, ...row } of rows)
      yield { ...row, sequence: Number(row.sequence), values: Number(amount) };
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    after = [Number(end.sequence), end.place];
  }
}
