import type { ClientBase, Pool } from 'pg';
import {
  completeSubtrees,
  consistencyRanges,
  foldSubtrees,
  Frontier,
  inclusionRanges,
  type Place,
  type Range,
} from './tree.js';

const HASH_BYTES = 32;

/** The tree over the first `size` entries, ready to grow, from some dozens of nodes. */
export async function frontierAt(db: Pool | ClientBase, size: number): Promise<Frontier> {
  const places = completeSubtrees({ start: 0, end: size });
  return Frontier.of(size, await nodesAt(db, places));
}

/** The root over the first `size` entries. */
export async function rootAt(db: Pool | ClientBase, size: number): Promise<Buffer> {
  return (await frontierAt(db, size)).root();
}

/** The audit path of an entry in the tree over the first `size` entries (RFC 6962, 2.1.1); `sequence` counts from 1. */
export async function inclusionPath(
  db: Pool | ClientBase,
  sequence: number,
  size: number,
): Promise<Buffer[]> {
  return rangesAt(db, inclusionRanges(sequence - 1, size));
}

/** The proof that the tree over `from` entries begins the tree over `to` entries (RFC 6962, 2.1.2). */
export async function consistencyPath(db: Pool | ClientBase, from: number, to: number): Promise<Buffer[]> {
  return rangesAt(db, consistencyRanges(from, to));
}

async function rangesAt(db: Pool | ClientBase, ranges: Range[]): Promise<Buffer[]> {
  const subtrees = ranges.map(completeSubtrees);
  const nodes = await nodesAt(db, subtrees.flat());
  return subtrees.map(({ length }) => foldSubtrees(nodes.splice(0, length)));
}

/** Every complete subtree's hash stands in the entry that completed it: its last leaf. */
async function nodesAt(db: Pool | ClientBase, places: Place[]): Promise<Buffer[]> {
  if (places.length === 0) return [];
  const sequenceOf = ({ level, index }: Place): number => (index + 1) * 2 ** level;
  const { rows } = await db.query<{ sequence: string; leaf: Buffer; nodes: Buffer }>(
    'select sequence, leaf, nodes from ledger.entry where sequence = any($1::bigint[])',
    [places.map(sequenceOf)],
  );
  const found = new Map(rows.map((row) => [Number(row.sequence), row]));
  return places.map((place) => {
    const row = found.get(sequenceOf(place));
    const end = place.level * HASH_BYTES;
    const hash = place.level === 0 ? row?.leaf : row?.nodes.subarray(end - HASH_BYTES, end);
    if (hash?.length !== HASH_BYTES)
      throw new Error(`the ledger has lost a node of entry ${sequenceOf(place)}`);
    return hash;
  });
}
