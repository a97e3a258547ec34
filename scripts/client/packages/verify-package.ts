import { fault } from '../failure.js';
import { openPackageReceipt } from './acknowledge.js';
import { type Contents, verifyContents } from './content.js';
import { contentsOf, type PackageFolder } from './folder.js';
import { type Manifest, openManifest, readManifest, sha256Of } from './manifest.js';
import { isWhole } from './part-download.js';

export interface VerifiedPackage {
  manifest: Manifest;
  manifestSha256: string;
  contents: Contents;
  /** When the hub confirmed the download; null where the package was not acknowledged. */
  acknowledgedAt: string | null;
}

/**
 * Verifies a package on disk against nothing but `ca` (PEM bundle): signature, every part's hash, counts of blocks and
 * readings, receipt. The signer's certificate must have been valid when the package was made; it may have ended since.
 *
 * @throws Failure SIGNATURE_INVALID or PACKAGE_DAMAGED, saying which file.
 */
export async function verifyPackage(folder: PackageFolder, ca: string): Promise<VerifiedPackage> {
  const body = await manifestOf(folder);
  const jws = await contentsOf(folder.manifestSignature);
  const { createdAt } = readManifest(body);
  const manifest = await openManifest(body, jws?.toString().trim(), ca, new Date(createdAt));
  for (const part of manifest.parts) {
    const path = folder.part(part.number);
    if (!(await isWhole(path, part))) {
      throw fault('PACKAGE_DAMAGED', `${path} is missing or not the part that the manifest names.`);
    }
  }
  const contents = await verifyContents(folder, manifest);
  const receipt = await openPackageReceipt(folder, manifest, ca);
  const acknowledgedAt = receipt ? (receipt.acknowledgedAt ?? '') : null;
  return { manifest, manifestSha256: sha256Of(body), contents, acknowledgedAt };
}

/** The bytes of the manifest. Throws Failure FILE_UNUSABLE where the folder holds none. */
export async function manifestOf(folder: PackageFolder): Promise<Buffer> {
  const body = await contentsOf(folder.manifest);
  if (!body) throw fault('FILE_UNUSABLE', `${folder.path} holds no manifest.json: it is no package.`);
  return body;
}
