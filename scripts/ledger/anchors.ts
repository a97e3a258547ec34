import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Checkpoint } from '../../gateway/ledger/ledger.js';
import type { StoredCheckpoint } from '../../gateway/ledger/reader.js';
import { type CheckpointText, readCheckpoint } from '../../gateway/ledger/signed.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { fault } from '../client/failure.js';
import { verifySigned } from '../client/signature.js';

export const HASH = z.string().regex(/^[0-9a-f]{64}$/);

/** What the hub put its signature to: the text itself, and the signature over it. */
export const SIGNED = z.object({ body: z.string(), signature: z.string() });

/** A receipt or a manifest: signed as a whole, with the ledger's size and root in it. */
const CARRIER = z.object({
  checkpoint: z.object({ size: z.int().min(0), root: HASH }),
  receivedAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime().optional(),
  acknowledgedAt: z.iso.datetime().optional(),
});

/**
 * What a signed checkpoint says, once its signature holds under `ca` (PEM). The signer's certificate must have been
 * valid when the checkpoint was taken: it proves what it proves long after that certificate has expired.
 *
 * @throws Failure SIGNATURE_INVALID
 */
export async function openCheckpoint(
  { body, signature }: z.output<typeof SIGNED>,
  ca: string,
): Promise<CheckpointText> {
  const text = asText(body);
  await verifySigned(Buffer.from(body), signature, ca, new Date(text.time));
  return text;
}

/** For the verification of a database: says what is wrong with one of its stored checkpoints. */
export function examiner(
  ca: string,
  stage: Stage,
): (stored: StoredCheckpoint) => Promise<string | undefined> {
  return async (stored) => {
    try {
      const { size, root, stage: itsStage } = await openCheckpoint(stored, ca);
      if (itsStage !== stage) return `it is one of the ledger of ${itsStage}.`;
      return size === stored.size && root === stored.root
        ? undefined
        : 'it says something else than its signed text.';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/**
 * A checkpoint that the user kept: `SIZE:ROOT`, or a file with a signed checkpoint, a receipt or a manifest in it; of
 * the latter two the signature lies beside it, as `<file>.jws` (upload) or in place of `.json` (pull).
 *
 * @throws Failure USAGE, FILE_UNUSABLE, SIGNATURE_INVALID
 */
export async function keptCheckpoint(named: string, ca: () => Promise<string>): Promise<Checkpoint> {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(named);
  if (match) return { size: Number(match[1]), root: match[2]! };
  const bytes = await readFile(named).catch((cause: unknown) => {
    throw fault(
      'USAGE',
      `${named} is neither SIZE:ROOT (64 hexadecimal digits) nor a file that can be read.`,
      cause,
    );
  });
  const content = jsonOf(bytes);
  const signed = SIGNED.safeParse(content);
  if (signed.success) return openCheckpoint(signed.data, await ca());
  const carrier = CARRIER.safeParse(content);
  if (!carrier.success) throw fault('FILE_UNUSABLE', `${named} holds no checkpoint.`);
  const { checkpoint, receivedAt, createdAt, acknowledgedAt } = carrier.data;
  const signature = await readFile(`${named}.jws`, 'utf8').catch(() =>
    readFile(named.replace(/\.json$/, '.jws'), 'utf8'),
  );
  const at = receivedAt ?? createdAt ?? acknowledgedAt;
  await verifySigned(bytes, signature.trim(), await ca(), at === undefined ? undefined : new Date(at));
  return checkpoint;
}

/** Undefined when it is not JSON. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function asText(body: string): CheckpointText {
  try {
    return readCheckpoint(body);
  } catch (cause) {
    throw fault('SIGNATURE_INVALID', 'What was signed is no checkpoint of a ledger.', cause);
  }
}
