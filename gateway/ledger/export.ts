import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';
import type { Problem } from './evidence.js';
import { Expected } from './expected.js';
import type { Checkpoint } from './ledger.js';
import { mustSeeAll, pages } from './reader.js';
import type { SignedCheckpoint } from './signed.js';
import type { Progress, Verification } from './verify.js';
import { Walk, type Walked } from './walk.js';

/** The first line of an export: what the lines after it, one an entry, are to add up to. */
export interface ExportHeader {
  /** The signed text and the signature over it. */
  body: string;
  signature: string;
}

const FORMAT = 'hub-ledger-export/1';
const HEADER = z.strictObject({ format: z.literal(FORMAT), body: z.string(), signature: z.string() });

/** Facts stand in a line as they were hashed, byte for byte, so nothing need be parsed to hash them again. */
const LINE = /^\{"sequence":(\d{1,15}),"leaf":"([0-9a-f]{64})","chain":"([0-9a-f]{64})","facts":/;
const LONGEST_HEAD = 200;

/** The ledger up to a checkpoint as NDJSON, in pieces of some thousand lines. */
export async function* exportLedger(
  db: Pool | ClientBase,
  { size, body, signature }: SignedCheckpoint,
): AsyncGenerator<{ text: string; progress: Progress }> {
  await mustSeeAll(db);
  yield {
    text: `${JSON.stringify({ format: FORMAT, body, signature })}\n`,
    progress: { done: 0, total: size },
  };
  let done = 0;
  for await (const rows of pages(db, size)) {
    const lines = rows.map(
      ({ sequence, leaf, chain, facts }) =>
        `{"sequence":${sequence},"leaf":"${leaf.toString('hex')}","chain":"${chain.toString('hex')}","facts":${facts}}\n`,
    );
    done += rows.length;
    yield { text: lines.join(''), progress: { done, total: size } };
  }
}

/** Null when the line does not begin an export. */
export function readExportHeader(line: Buffer): ExportHeader | null {
  try {
    const { body, signature } = HEADER.parse(JSON.parse(line.toString()));
    return { body, signature };
  } catch {
    return null;
  }
}

/**
 * Recomputes every leaf, the chain and the tree of an export and compares the root with the checkpoint in its first
 * line, whose signature the caller has verified. Needs no database and no network.
 *
 * @param batches the lines after the first.
 */
export async function verifyExport(
  batches: AsyncIterable<readonly Buffer[]>,
  signed: Checkpoint,
  {
    given = [],
    onProgress,
  }: { given?: Checkpoint[]; onProgress?: ((progress: Progress) => void) | undefined } = {},
): Promise<Verification> {
  const expected = new Expected({ given: [signed, ...given] });
  const walk = new Walk();
  let problem = await expected.faultAt(walk);
  for await (const lines of batches) {
    for (const line of lines) {
      const row = readLine(line);
      problem ??= row ? faultOf(walk, row, signed) : noLine(walk);
      if (problem || !row) break;
      walk.take(row);
      problem = await expected.faultAt(walk);
    }
    if (problem) break;
    onProgress?.({ done: walk.last.sequence, total: signed.size });
  }
  problem ??= await expected.faultAfter(walk);
  const head = walk.checkpoint;
  return { entries: head.size, head, checkpoints: expected.met, ...(problem && { problem }) };
}

function readLine(line: Buffer): Walked | null {
  const [head = '', sequence, leaf = '', chain = ''] =
    LINE.exec(line.toString('latin1', 0, LONGEST_HEAD)) ?? [];
  if (!head || line.at(-1) !== 0x7d) return null;
  const facts = line.subarray(head.length, -1);
  return {
    sequence: Number(sequence),
    leaf: Buffer.from(leaf, 'hex'),
    chain: Buffer.from(chain, 'hex'),
    facts,
  };
}

function noLine({ last: { sequence } }: Walk): Problem {
  const detail = `The line after row ${sequence} is not one of an export.`;
  return { sequence: sequence + 1, what: 'changed', detail };
}

function faultOf(walk: Walk, row: Walked, signed: Checkpoint): Problem | undefined {
  const last = walk.last.sequence;
  const { sequence } = row;
  if (last === signed.size) {
    return {
      sequence,
      what: 'inserted',
      detail: `The checkpoint of the export covers ${last} rows, and more follow.`,
    };
  }
  switch (walk.misstepAt(row)) {
    case 'number':
      return { sequence, what: 'inserted', detail: `Row ${sequence} comes after row ${last}.` };
    case 'gap':
      return { sequence: last + 1, what: 'deleted', detail: `After row ${last} comes row ${sequence}.` };
    case 'leaf':
      return {
        sequence,
        what: 'changed',
        detail: `The facts of row ${sequence} are not those that were hashed.`,
      };
    case 'chain':
      return { sequence, what: 'changed', detail: `Row ${sequence} does not follow row ${last}: ${MISFIT}` };
    case undefined:
      return undefined;
  }
}

const MISFIT =
  'it was changed together with its hashes, or put in, or rows before it were taken out and the rest renumbered.';
