import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';

/** What the hub remembers of its embedded database, in `$HUB_HOME/keys/database.json` (0600: it has the password). */
export interface DatabaseRecord {
  password: string;
  port: number;
  /** Absolute here, relative in the file when it lies below the home, so that a home can be moved. Below the home, or in the shared folder when the home is closed to the server's OS user. */
  dataDir: string;
}

const shape = z.object({
  password: z.string().min(16),
  port: z.number().int().positive(),
  dataDir: z.string(),
});

/** The record, or undefined when the home has none or one that was damaged. */
export async function readRecord(home: string): Promise<DatabaseRecord | undefined> {
  try {
    const record = shape.parse(JSON.parse(await readFile(recordFile(home), 'utf8')));
    return { ...record, dataDir: resolve(home, record.dataDir) };
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    // Damaged text is mended by writing a new record; a file that we may not read is not ours to replace.
    if (code !== undefined && code !== 'ENOENT') throw fault;
    return undefined;
  }
}

export async function writeRecord(home: string, record: DatabaseRecord): Promise<void> {
  const file = recordFile(home);
  const below = relative(home, record.dataDir);
  const dataDir = below.startsWith('..') ? record.dataDir : below;
  const text = `${JSON.stringify({ ...record, dataDir }, null, 2)}\n`;
  // Written only when it changes: a start by root must not take the file from the user whose home it is.
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export function newPassword(): string {
  return randomBytes(24).toString('hex');
}

export function urlOf({ password, port }: Pick<DatabaseRecord, 'password' | 'port'>): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** `wanted` if nobody listens there, else a port that the system says is free. */
export async function freePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && (await tryPort(wanted)) !== undefined) return wanted;
  const port = await tryPort(0);
  if (port === undefined) throw new Error('No free TCP port on 127.0.0.1 for the database.');
  return port;
}

async function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function recordFile(home: string): string {
  return join(home, 'keys', 'database.json');
}
