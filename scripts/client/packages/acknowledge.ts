import { fault } from '../failure.js';
import { verifySigned } from '../signature.js';
import { contentsOf, keep, type PackageFolder } from './folder.js';
import type { Manifest } from './manifest.js';
import type { OfferedPackage, PullContext } from './pull-day.js';

interface PackageReceipt {
  package: string;
  /** JSON text, exactly as signed. */
  receipt: string;
  /** Detached JWS over that text. */
  signature: string;
}

const ACKNOWLEDGE = `mutation ($id: ID!, $manifestSha256: String!, $parts: [PartHashInput!]!) {
  acknowledgePackage(id: $id, manifestSha256: $manifestSha256, parts: $parts) { package receipt signature }
}`;

/** Tells the hub the hashes that were verified, and keeps its signed receipt. */
export async function acknowledge(
  { client, ca }: PullContext,
  { id, manifestSha256 }: OfferedPackage,
  { parts }: Manifest,
  folder: PackageFolder,
): Promise<void> {
  const hashes = parts.map(({ number, sha256 }) => ({ number, sha256 }));
  const { acknowledgePackage } = await client.ask<{ acknowledgePackage: PackageReceipt }>(ACKNOWLEDGE, {
    id,
    manifestSha256,
    parts: hashes,
  });
  const body = Buffer.from(acknowledgePackage.receipt);
  await verifySigned(body, acknowledgePackage.signature, ca);
  if (acknowledgePackage.package !== id || !isAbout(body, id)) {
    throw fault('ANSWER_UNEXPECTED', `The receipt is not of ${id}.`);
  }
  // The receipt last: where it is, the day is finished.
  await keep(folder.receiptSignature, `${acknowledgePackage.signature}\n`);
  await keep(folder.receipt, body);
}

/** Whether the folder holds the hub's receipt for this very package. A damaged one counts as none: it is asked for again. */
export async function isAcknowledged(
  folder: PackageFolder,
  manifest: Manifest,
  ca: string,
): Promise<boolean> {
  try {
    return (await openPackageReceipt(folder, manifest, ca)) !== undefined;
  } catch {
    return false;
  }
}

export interface SignedPackageReceipt {
  package: string;
  acknowledgedAt?: string;
}

/**
 * The receipt that is kept beside a package, its signature verified for the time at which it says it was given.
 *
 * @returns undefined where there is none.
 * @throws Failure SIGNATURE_INVALID, or PACKAGE_DAMAGED when it is of another package.
 */
export async function openPackageReceipt(
  folder: PackageFolder,
  manifest: Manifest,
  ca: string,
): Promise<SignedPackageReceipt | undefined> {
  const [body, signature] = await Promise.all([
    contentsOf(folder.receipt),
    contentsOf(folder.receiptSignature),
  ]);
  if (!body) return undefined;
  const receipt = JSON.parse(body.toString()) as SignedPackageReceipt;
  const at = receipt.acknowledgedAt === undefined ? new Date() : new Date(receipt.acknowledgedAt);
  await verifySigned(body, signature?.toString().trim(), ca, at);
  if (!isAbout(body, manifest.package)) {
    throw fault('PACKAGE_DAMAGED', `${folder.receipt} is of ${receipt.package}, not of ${manifest.package}.`);
  }
  return receipt;
}

function isAbout(receipt: Buffer, id: string): boolean {
  return (JSON.parse(receipt.toString()) as SignedPackageReceipt).package === id;
}
