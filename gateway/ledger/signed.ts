import { z } from 'zod';
import { STAGES, type Stage } from '../policy/grant.js';
import { canonicalJson } from './canonical.js';
import type { Checkpoint } from './ledger.js';

const FORMAT = 'hub-ledger-checkpoint/1';

/** What a checkpoint says: the ledger of this stage had this many entries and this root at this time. */
export interface CheckpointText extends Checkpoint {
  stage: Stage;
  /** ISO 8601 in UTC. */
  time: string;
}

/** A checkpoint as it is handed out: the bytes that were signed and the detached JWS over them. */
export interface SignedCheckpoint extends CheckpointText {
  body: string;
  signature: string;
}

const SHAPE = z.strictObject({
  format: z.literal(FORMAT),
  stage: z.enum(STAGES),
  size: z.int().min(0),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.iso.datetime(),
});

export function writeCheckpoint({ stage, size, root, time }: CheckpointText): string {
  return canonicalJson({ format: FORMAT, stage, size, root, time });
}

/** @throws Error when it is no checkpoint. */
export function readCheckpoint(body: string): CheckpointText {
  const { format: _, ...text } = SHAPE.parse(JSON.parse(body));
  return text;
}
