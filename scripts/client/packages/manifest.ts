import { createHash } from 'node:crypto';
import { fault } from '../failure.js';
import { verifySigned } from '../signature.js';

export interface PackagePart {
  number: number;
  /** Hexadecimal, of the compressed bytes; also the part's ETag. */
  sha256: string;
  bytes: number;
  blocks: number;
  contentType: string;
  contentEncoding: string;
}

/** What a package holds, as the hub signed it. */
export interface Manifest {
  format: 'hub-package/1';
  package: string;
  /** Id of the tenant for whom it was made. */
  recipient: string;
  date: string;
  revision: number;
  stage: string;
  purpose: string;
  createdAt: string;
  /** Days of a meter, all parts together. */
  blocks: number;
  /** Values that are not missing. */
  readings: number;
  parts: PackagePart[];
  missing: { meter: string; reason: string }[];
  checkpoint: { size: number; root: string };
}

/**
 * Reads a manifest that the hub signed: the signature is verified before a byte of it is believed.
 *
 * @throws Failure SIGNATURE_INVALID, or ANSWER_UNEXPECTED for a form this client does not know.
 */
export async function openManifest(
  body: Buffer,
  jws: string | undefined,
  ca: string,
  at?: Date,
): Promise<Manifest> {
  await verifySigned(body, jws, ca, at);
  return readManifest(body);
}

/** Reads a manifest without believing it. */
export function readManifest(body: Buffer): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(body.toString()) as Manifest;
  } catch (error) {
    throw fault('ANSWER_UNEXPECTED', 'The manifest is not JSON.', error);
  }
  if (manifest.format !== 'hub-package/1' || !Array.isArray(manifest.parts)) {
    throw fault('ANSWER_UNEXPECTED', `The manifest has the unknown form "${String(manifest.format)}".`);
  }
  return manifest;
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function bytesOf({ parts }: Manifest): number {
  return parts.reduce((sum, part) => sum + part.bytes, 0);
}
