import type { ClientBase, Pool } from 'pg';
import { ORIGIN } from './hash.js';

/**
 * What was done to a ledger that does not hold: `changed` a row differs from what was recorded; `deleted` rows are
 * gone; `inserted` a row was never appended; `reordered` a row stands in another row's place; `rewritten` the
 * ledger is sound in itself but is not the one that a checkpoint was taken of; `forged` a checkpoint is not the hub's.
 */
export type Tampering = 'changed' | 'deleted' | 'inserted' | 'reordered' | 'rewritten' | 'forged';

/** The first row (or missing row) at fault; `detail` is a sentence for a person. */
export interface Problem {
  sequence: number;
  what: Tampering;
  detail: string;
}

/** A row whose own hashes are sound but which does not follow from the row before it. */
export interface Misfit {
  /** The last row that holds. */
  previous: { sequence: number; chain: Buffer };
  row: { sequence: number; leaf: Buffer; chain: Buffer };
}

/**
 * Says what happened where the chain breaks, by looking for the row that truly follows the last good one and for
 * the row that the misfit truly follows. Scans the table, so it is for the one break that ends a verification.
 */
export async function explainMisfit(db: Pool | ClientBase, { previous, row }: Misfit): Promise<Problem> {
  const successor = await successorOf(db, previous);
  const predecessor = await predecessorOf(db, row);
  if (successor !== null && (predecessor === null || predecessor < row.sequence)) {
    const detail = `Row ${successor} follows row ${previous.sequence}; what stands between them was put there.`;
    return { sequence: row.sequence, what: 'inserted', detail };
  }
  if (successor !== null || (predecessor !== null && predecessor >= row.sequence)) {
    const detail = `Row ${row.sequence} stands out of its order: it follows row ${predecessor}.`;
    return { sequence: row.sequence, what: 'reordered', detail };
  }
  if (predecessor !== null) {
    const detail = `Row ${row.sequence} follows row ${predecessor}; what stands between them was put there.`;
    return { sequence: predecessor + 1, what: 'inserted', detail };
  }
  const detail =
    `Row ${row.sequence} does not follow row ${previous.sequence}: its facts and hashes were changed together, ` +
    'or rows before it were deleted and the rest renumbered.';
  return { sequence: row.sequence, what: 'changed', detail };
}

/** Rows are missing from `previous` on; unless the next one only carries a wrong number. */
export async function explainGap(db: Pool | ClientBase, { previous, row }: Misfit): Promise<Problem> {
  const sequence = previous.sequence + 1;
  const successor = await successorOf(db, previous);
  if (successor !== null) {
    return { sequence, what: 'reordered', detail: `Row ${sequence} is numbered ${successor}.` };
  }
  const last = row.sequence - 1;
  const detail =
    last === sequence ? `Row ${sequence} is missing.` : `Rows ${sequence} to ${last} are missing.`;
  return { sequence, what: 'deleted', detail };
}

async function successorOf(db: Pool | ClientBase, previous: Misfit['previous']): Promise<number | null> {
  const { rows } = await db.query<{ sequence: string }>(
    'select sequence from ledger.entry where sequence > $1 and chain = sha256($2 || leaf) order by sequence limit 1',
    [previous.sequence, previous.chain],
  );
  return rows[0] ? Number(rows[0].sequence) : null;
}

async function predecessorOf(db: Pool | ClientBase, row: Misfit['row']): Promise<number | null> {
  const { rows } = await db.query<{ sequence: string }>(
    `select sequence from (select 0::bigint as sequence, $3::bytea as chain
       union all select sequence, chain from ledger.entry) as before
     where sha256(chain || $1) = $2 order by sequence limit 1`,
    [row.leaf, row.chain, ORIGIN],
  );
  return rows[0] ? Number(rows[0].sequence) : null;
}
