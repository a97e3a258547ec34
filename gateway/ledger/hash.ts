import { hash } from 'node:crypto';

/** What the first entry is chained to: 32 zero bytes. */
export const ORIGIN: Buffer = Buffer.alloc(32);

/** The hash of a tree without leaves (RFC 6962, 2.1). */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

const LEAF_PREFIX = Buffer.of(0);
const NODE_PREFIX = Buffer.of(1);

/** The hash of one entry: a leaf of RFC 6962, 2.1. */
export function leafHash(facts: string | Buffer): Buffer {
  return sha256(Buffer.concat([LEAF_PREFIX, typeof facts === 'string' ? Buffer.from(facts) : facts]));
}

/** The hash of an inner node of RFC 6962, 2.1. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.concat([NODE_PREFIX, left, right], 65));
}

/** The row chain after an entry: SHA-256(chain before ‖ leaf). */
export function chainHash(previous: Buffer, leaf: Buffer): Buffer {
  return sha256(Buffer.concat([previous, leaf], 64));
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}
