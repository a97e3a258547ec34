import { open, readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../failure.js';

/** The files of one revision of one day: `<out>/<date>/r<revision>/`. */
export interface PackageFolder {
  path: string;
  manifest: string;
  manifestSignature: string;
  receipt: string;
  receiptSignature: string;
  part: (number: number) => string;
}

export function packageFolder(path: string): PackageFolder {
  return {
    path,
    manifest: join(path, 'manifest.json'),
    manifestSignature: join(path, 'manifest.jws'),
    receipt: join(path, 'receipt.json'),
    receiptSignature: join(path, 'receipt.jws'),
    part: (number) => join(path, `${number}.ndjson.gz`),
  };
}

export function revisionFolder(out: string, date: string, revision: number): PackageFolder {
  return packageFolder(join(out, date, `r${revision}`));
}

/** Whole or not at all, also through a power cut: written beside, synced, renamed. */
export async function keep(path: string, contents: Buffer | string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const file = await open(beside, 'w');
  try {
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** The contents, or undefined where there is no such file. */
export async function contentsOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const DEEPEST = 4;

/** Every folder at or below `path` that holds a manifest, in the order of their names. */
export async function packagesBelow(path: string, depth = 0): Promise<PackageFolder[]> {
  const entries = await readdir(path, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'manifest.json')) return [packageFolder(path)];
  if (depth === DEEPEST) return [];
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const found: PackageFolder[] = [];
  for (const name of folders.toSorted()) found.push(...(await packagesBelow(join(path, name), depth + 1)));
  return found;
}
