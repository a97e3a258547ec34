import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export const PRIVATE = 0o600;
export const PUBLIC = 0o644;

/**
 * Replaces a file whole: a reader, or a start after a power cut, finds the old contents or the new, never half of
 * either. The mode is set at creation, so a private file is at no moment readable by others.
 */
export async function writeWhole(path: string, contents: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** True where an operation failed because nothing is at the path. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** True for an error of the operating system with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
