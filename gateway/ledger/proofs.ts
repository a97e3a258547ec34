import type { Pool } from 'pg';
import type { Checkpoints } from './checkpoints.js';
import { consistencyPath, inclusionPath, rootAt } from './nodes.js';
import { lastSequence } from './reader.js';
import type { SignedCheckpoint } from './signed.js';

/** Hashes are lower-case hexadecimal. */
export interface Inclusion {
  sequence: number;
  leaf: string;
  path: string[];
  size: number;
  root: string;
  /** Of exactly this size. */
  checkpoint: SignedCheckpoint | null;
}

export interface Consistency {
  from: number;
  to: number;
  fromRoot: string;
  toRoot: string;
  path: string[];
  checkpoint: SignedCheckpoint | null;
}

interface Source {
  pool: Pool;
  checkpoints: Checkpoints;
}

/** The proof for an entry, under the newest signed checkpoint unless a size is given; null where there is none yet. */
export async function inclusionOf(
  { pool, checkpoints }: Source,
  sequence: number,
  wanted?: number,
): Promise<Inclusion | null> {
  const checkpoint = await (wanted ? checkpoints.ofSize(wanted) : checkpoints.covering(sequence));
  const size = wanted ?? checkpoint?.size;
  if (size === undefined || size > (await lastSequence(pool))) return null;
  const { rows } = await pool.query<{ leaf: Buffer }>('select leaf from ledger.entry where sequence = $1', [
    sequence,
  ]);
  const [leaf, path, root] = [
    rows[0]!.leaf,
    await inclusionPath(pool, sequence, size),
    await rootAt(pool, size),
  ];
  return { sequence, leaf: hex(leaf), path: path.map(hex), size, root: hex(root), checkpoint };
}

/** The proof that the ledger of `to` entries goes on from that of `from`; null where it has not come so far. */
export async function consistencyOf(
  { pool, checkpoints }: Source,
  from: number,
  to: number,
): Promise<Consistency | null> {
  if (to > (await lastSequence(pool))) return null;
  const path = await consistencyPath(pool, from, to);
  const [fromRoot, toRoot] = [hex(await rootAt(pool, from)), hex(await rootAt(pool, to))];
  return { from, to, fromRoot, toRoot, path: path.map(hex), checkpoint: await checkpoints.ofSize(to) };
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}
