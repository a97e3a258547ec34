import { createHash } from 'node:crypto';

/** What the first entry is chained to: 32 zero bytes. */
export const ORIGIN: Buffer = Buffer.alloc(32);

const LEAF_PREFIX = Buffer.of(0);

/** The hash of one entry: a leaf of RFC 6962, 2.1, so the Merkle form keeps every hash written today. */
export function leafHash(facts: string): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(facts, 'utf8').digest();
}

/** The state of the ledger after an entry: SHA-256(state before ‖ leaf). */
export function chainHash(previous: Buffer, leaf: Buffer): Buffer {
  return createHash('sha256').update(previous).update(leaf).digest();
}
