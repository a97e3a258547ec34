import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fault } from '../client/failure.js';

/**
 * The key in a file of the home's folder `collectors`: its first line as text, or bytes after `hex:`.
 *
 * @throws Failure FILE_UNUSABLE when it is missing, empty or open to others; the key is never named.
 */
export async function readKey(home: string, name: string): Promise<Buffer> {
  const path = join(home, 'collectors', name);
  const file = await open(path);
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) throw fault('FILE_UNUSABLE', `${path} is open to others: chmod 600 ${path}.`);
    const [line = ''] = (await file.readFile('utf8')).split(/\r?\n/);
    if (line === '') throw fault('FILE_UNUSABLE', `${path} holds no key in its first line.`);
    return line.startsWith('hex:') ? Buffer.from(line.slice(4), 'hex') : Buffer.from(line);
  } finally {
    await file.close();
  }
}
