import { z } from 'zod';
import { leafHash } from '../../gateway/ledger/hash.js';
import type { Checkpoint } from '../../gateway/ledger/ledger.js';
import type { Consistency, Inclusion } from '../../gateway/ledger/proofs.js';
import { rootOfInclusion, rootsOfConsistency } from '../../gateway/ledger/tree.js';
import { HASH, openCheckpoint, SIGNED } from './anchors.js';

const COUNT = z.int().min(1);
const PATH = z.array(HASH).max(64);

const INCLUSION = z.object({
  format: z.literal('hub-ledger-proof/1'),
  sequence: COUNT,
  leaf: HASH,
  path: PATH,
  size: COUNT,
  root: HASH,
  checkpoint: SIGNED.nullable(),
  /** The facts as they were hashed, where the holder has them. */
  facts: z.string().optional(),
});

const CONSISTENCY = z.object({
  format: z.literal('hub-ledger-consistency/1'),
  from: COUNT,
  to: COUNT,
  fromRoot: HASH,
  toRoot: HASH,
  path: PATH,
  checkpoint: SIGNED.nullable(),
});

const CHECKPOINT = SIGNED.extend({ format: z.literal('hub-ledger-signed-checkpoint/1') });

const PROOF = z.discriminatedUnion('format', [INCLUSION, CONSISTENCY, CHECKPOINT]);

/** What came of a proof: what it shows, or why it shows nothing. */
export interface Finding {
  holds: boolean;
  /** A sentence for a person. */
  says: string;
}

/** The file forms of what the hub answers. */
export const asInclusionFile = (proof: Inclusion): object => ({
  format: INCLUSION.shape.format.value,
  ...proof,
});
export const asConsistencyFile = (proof: Consistency): object => ({
  format: CONSISTENCY.shape.format.value,
  ...proof,
});
export const asCheckpointFile = (signed: object): object => ({
  format: CHECKPOINT.shape.format.value,
  ...signed,
});

/**
 * Verifies a proof without asking anybody: the path by RFC 6962, and the root that it leads to against the signed
 * checkpoint in it or one of those that the user kept. Undefined when the content is no proof.
 *
 * @throws Failure SIGNATURE_INVALID
 */
export async function verifyProof(
  content: unknown,
  { ca, given }: { ca: string; given: readonly Checkpoint[] },
): Promise<Finding | undefined> {
  const read = PROOF.safeParse(content);
  if (!read.success) return undefined;
  const proof = read.data;
  if (proof.format === 'hub-ledger-signed-checkpoint/1') {
    const { size, root, stage, time } = await openCheckpoint(proof, ca);
    const doubt =
      strangerTo([size], given) ?? (given.length > 0 ? doubtOf({ size, root }, given) : undefined);
    if (doubt) return found(false, doubt);
    return found(
      true,
      `The hub signed on ${time} that its ${stage} ledger had ${size} entries and the root ${root}.`,
    );
  }
  const signed = proof.checkpoint ? [await openCheckpoint(proof.checkpoint, ca)] : [];
  const stranger = strangerTo(
    proof.format === 'hub-ledger-proof/1' ? [proof.size] : [proof.from, proof.to],
    given,
  );
  if (stranger) return found(false, stranger);
  const known = [...signed, ...given];
  return proof.format === 'hub-ledger-proof/1' ? inclusion(proof, known) : consistency(proof, known);
}

function inclusion(proof: z.output<typeof INCLUSION>, known: readonly Checkpoint[]): Finding {
  const { sequence, size, facts } = proof;
  const leaf = facts === undefined ? proof.leaf : leafHash(facts).toString('hex');
  if (leaf !== proof.leaf) return found(false, `The facts are not those of entry ${sequence}.`);
  const place = { leaf: bytes(leaf), index: sequence - 1, size };
  const root = rootOfInclusion(place, proof.path.map(bytes))?.toString('hex');
  if (root !== proof.root) return found(false, `The path does not lead from entry ${sequence} to the root.`);
  const doubt = doubtOf({ size, root }, known);
  if (doubt) return found(false, doubt);
  const what = facts === undefined ? `An entry with the leaf ${leaf}` : 'The entry with these facts';
  return found(true, `${what} is number ${sequence} of the ${size} that the checkpoint covers.`);
}

function consistency(proof: z.output<typeof CONSISTENCY>, known: readonly Checkpoint[]): Finding {
  const { from, to, fromRoot, toRoot } = proof;
  const roots = rootsOfConsistency({ from, to, oldRoot: bytes(fromRoot) }, proof.path.map(bytes));
  if (roots?.old.toString('hex') !== fromRoot || roots.new.toString('hex') !== toRoot) {
    return found(false, `The path does not lead from the root of ${from} entries to that of ${to}.`);
  }
  const earlier = known.find(({ size, root }) => size === from && root !== fromRoot);
  const doubt = earlier
    ? `A checkpoint of ${from} entries has another root than the proof.`
    : doubtOf({ size: to, root: toRoot }, known);
  if (doubt) return found(false, doubt);
  return found(true, `The ledger of ${to} entries goes on from that of ${from}: nothing before was touched.`);
}

/** Who gives a checkpoint wants it compared; of entries that the proof says nothing about it shows nothing. */
function strangerTo(sizes: readonly number[], given: readonly Checkpoint[]): string | undefined {
  const stranger = given.find(({ size }) => !sizes.includes(size));
  if (!stranger) return undefined;
  const other = sizes.join(' and ');
  return `The checkpoint of ${stranger.size} entries cannot be compared with what is of ${other}: ask for a proof of its size.`;
}

/** A path can be made up for any root; only a root that the hub is bound to counts. */
function doubtOf({ size, root }: Checkpoint, known: readonly Checkpoint[]): string | undefined {
  const same = known.filter((checkpoint) => checkpoint.size === size);
  if (same.length === 0) {
    return `Nothing shows that the root of ${size} entries is the hub's: give the receipt or manifest of it with --checkpoint.`;
  }
  return same.every((checkpoint) => checkpoint.root === root)
    ? undefined
    : `A checkpoint of ${size} entries has another root than the proof.`;
}

function found(holds: boolean, says: string): Finding {
  return { holds, says };
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
