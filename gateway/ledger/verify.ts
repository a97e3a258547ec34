import type { ClientBase, Pool } from 'pg';
import { type Problem, explainGap, explainMisfit } from './evidence.js';
import { ORIGIN, chainHash, leafHash } from './hash.js';
import type { Checkpoint } from './ledger.js';
import { type Row, lastSequence, mustSeeAll, pages } from './reader.js';

export type { Problem, Tampering } from './evidence.js';

/**
 * The chain holds over `entries` rows, up to `head`. `problem` is the first row at fault; it may lie before `head`,
 * for a forged row that is rightly chained is betrayed only by the row after it.
 */
export interface Verification {
  entries: number;
  head: Checkpoint;
  problem?: Problem;
}

export interface Progress {
  done: number;
  total: number;
}

interface Link {
  sequence: number;
  chain: Buffer;
}

/**
 * Recomputes every leaf from the stored facts and the chain over all of them, in order, in bounded memory, up to
 * the last row there was at the start. The chain proves that nothing inside was touched; that nothing was cut off
 * the end, or all of it written anew, is proved only against a `checkpoint` kept elsewhere (every receipt and
 * manifest carries one). Throws when the role could not see every row: an empty ledger must not pass for a sound one.
 */
export async function verifyLedger(
  db: Pool | ClientBase,
  onProgress?: (progress: Progress) => void,
  checkpoint?: Checkpoint,
): Promise<Verification> {
  await mustSeeAll(db);
  const total = await lastSequence(db);
  let head: Link = { sequence: 0, chain: ORIGIN };
  for await (const rows of pages(db, total)) {
    for (const row of rows) {
      const problem = (await faultOf(db, head, row)) ?? againstCheckpoint(row, checkpoint);
      if (problem) return verification(head, problem);
      head = row;
    }
    onProgress?.({ done: head.sequence, total });
  }
  const isShort = checkpoint && checkpoint.sequence > head.sequence;
  return verification(head, isShort ? cutOff(head.sequence, checkpoint) : undefined);
}

function verification(head: Link, problem?: Problem): Verification {
  const reached = { sequence: head.sequence, hash: head.chain.toString('hex') };
  return { entries: head.sequence, head: reached, ...(problem && { problem }) };
}

async function faultOf(db: Pool | ClientBase, previous: Link, row: Row): Promise<Problem | undefined> {
  if (row.sequence <= previous.sequence) {
    const detail = `Number ${row.sequence} is below 1 or stands twice; the database never gives such a number.`;
    return { sequence: row.sequence, what: 'inserted', detail };
  }
  if (row.sequence > previous.sequence + 1) return explainGap(db, { previous, row });
  const detail = changeOf(row);
  if (detail) return { sequence: row.sequence, what: 'changed', detail };
  if (!row.chain.equals(chainHash(previous.chain, row.leaf))) return explainMisfit(db, { previous, row });
  return undefined;
}

function changeOf(row: Row): string | undefined {
  if (!row.leaf.equals(leafHash(row.facts))) {
    return `The facts of row ${row.sequence} are not those that were hashed.`;
  }
  if (row.recordedAt !== timeOf(row.facts)) return `Row ${row.sequence} bears another time than its facts.`;
  return undefined;
}

/** Facts carry milliseconds, the column microseconds. What is not JSON has no time, and was not written by us. */
function timeOf(facts: string): string | undefined {
  try {
    return (JSON.parse(facts) as { at?: string }).at?.replace('Z', '000Z');
  } catch {
    return undefined;
  }
}

function againstCheckpoint(row: Row, checkpoint: Checkpoint | undefined): Problem | undefined {
  if (!checkpoint || row.sequence !== checkpoint.sequence) return undefined;
  if (row.chain.toString('hex') === checkpoint.hash) return undefined;
  const detail = `The checkpoint of row ${row.sequence} was taken of another ledger than this one.`;
  return { sequence: row.sequence, what: 'rewritten', detail };
}

function cutOff(last: number, checkpoint: Checkpoint): Problem {
  const detail = `The checkpoint knows row ${checkpoint.sequence}, but the ledger ends at row ${last}.`;
  return { sequence: last + 1, what: 'deleted', detail };
}
