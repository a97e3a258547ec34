import type { KeyObject } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { type Problem, explainGap, explainMisfit } from './evidence.js';
import { Expected } from './expected.js';
import type { Checkpoint } from './ledger.js';
import {
  type Row,
  type StoredCheckpoint,
  lastCheckpoint,
  lastSequence,
  mustSeeAll,
  pages,
  storedCheckpoints,
} from './reader.js';
import { Seals } from './seal.js';
import { ToldWalk } from './told.js';
import { Walk } from './walk.js';
import type { Head } from './witness.js';

export type { Problem, Tampering } from './evidence.js';

/**
 * The ledger holds over `entries` rows, up to `head`. `problem` is the first row at fault; it may lie before `head`,
 * for a forged row that is rightly chained is betrayed only by the row after it.
 */
export interface Verification {
  entries: number;
  head: Checkpoint;
  /** How many checkpoints, stored and given, were met and agree. */
  checkpoints: number;
  problem?: Problem;
}

export interface Progress {
  done: number;
  total: number;
}

export interface VerifyOptions {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Taken of this ledger at other times and kept elsewhere: every receipt and manifest carries one. */
  given?: Checkpoint[];
  /** Says what is wrong with a stored checkpoint, its signature above all; undefined when it is the hub's own. */
  examine?: (checkpoint: StoredCheckpoint) => Promise<string | undefined>;
  /** Of the home whose processes write this ledger; without it seals are not looked at. */
  sealKey?: KeyObject;
  /** What that home noted, read before. */
  heads?: readonly Head[];
}

/**
 * Recomputes every leaf from the stored facts, the chain and the tree over all of them, in order, in bounded memory,
 * up to the last row there was at the start. That nothing inside was touched is proved by the chain; that nothing was
 * cut off the end, or written anew from some row on, only by checkpoints: those that the database holds, whose
 * signatures nobody can write who has not the hub's key, and those that were `given`. What entries told of subjects,
 * which is kept beside them, must be what they commit to. Throws when the role could not
 * see every row: an empty ledger must not pass for a sound one.
 */
export async function verifyLedger(
  db: Pool | ClientBase,
  { onProgress, given = [], examine = async () => undefined, sealKey, heads = [] }: VerifyOptions = {},
): Promise<Verification> {
  await mustSeeAll(db);
  // In this order: what is appended meanwhile can make a ledger longer than its checkpoints, never shorter.
  const stored = storedCheckpoints(db, await lastCheckpoint(db));
  const total = await lastSequence(db);
  const expected = new Expected({ stored, given, heads, examine });
  const seals = await Seals.open(db, total, sealKey);
  const [walk, told] = [new Walk(), new ToldWalk(db, total)];
  const ended = (problem: Problem | undefined): Verification => {
    const { size: entries } = walk.checkpoint;
    return { entries, head: walk.checkpoint, checkpoints: expected.met, ...(problem && { problem }) };
  };
  let problem = await expected.faultAt(walk);
  let nodesFault: Problem | undefined;
  for await (const rows of pages(db, total)) {
    for (const row of rows) {
      // Nodes that are wrong are told only once the next row follows: before that, a row put in would be called changed.
      problem ??= (await faultOf(db, walk, row)) ?? nodesFault;
      if (problem) return ended(problem);
      const nodes = Buffer.concat(walk.take(row));
      if (!nodes.equals(row.nodes)) nodesFault = wrongNodes(row);
      if (!nodesFault)
        problem = seals.faultAt(row) ?? (await told.faultAt(row)) ?? (await expected.faultAt(walk));
    }
    onProgress?.({ done: walk.last.sequence, total });
  }
  problem ??= nodesFault ?? (await expected.faultAfter(walk)) ?? (await told.faultAfter());
  return ended(problem);
}

async function faultOf(db: Pool | ClientBase, walk: Walk, row: Row): Promise<Problem | undefined> {
  const { sequence } = row;
  switch (walk.misstepAt(row)) {
    case 'number': {
      const detail = `Number ${sequence} is below 1 or stands twice; the database never gives such a number.`;
      return { sequence, what: 'inserted', detail };
    }
    case 'gap':
      return explainGap(db, { previous: walk.last, row });
    case 'leaf':
      return {
        sequence,
        what: 'changed',
        detail: `The facts of row ${sequence} are not those that were hashed.`,
      };
    case 'chain':
      return wrongTime(row) ?? explainMisfit(db, { previous: walk.last, row });
    case undefined:
      return wrongTime(row);
  }
}

function wrongTime({ sequence, recordedAt, facts }: Row): Problem | undefined {
  if (recordedAt === timeOf(facts)) return undefined;
  return { sequence, what: 'changed', detail: `Row ${sequence} bears another time than its facts.` };
}

function wrongNodes({ sequence }: Row): Problem {
  const detail = `The nodes of the tree in row ${sequence} are not those of the rows that they stand for.`;
  return { sequence, what: 'changed', detail };
}

/** Facts carry milliseconds, the column microseconds. What is not JSON has no time, and was not written by us. */
function timeOf(facts: string): string | undefined {
  try {
    return (JSON.parse(facts) as { at?: string }).at?.replace('Z', '000Z');
  } catch {
    return undefined;
  }
}
