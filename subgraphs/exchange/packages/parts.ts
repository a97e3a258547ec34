import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** Uncompressed bytes after which a part is closed; about a tenth of that travels. Smaller parts cost a request each. */
const PART_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

const compress = promisify(gzip);

export interface Part {
  number: number;
  sha256: string;
  blocks: number;
  content: Buffer;
  /** Its first line. */
  first: string;
}

/**
 * Cuts a stream of NDJSON lines into parts at line ends and compresses each. The next part is cut while the last one
 * is compressed; never more than two are in memory. The same lines give the same bytes.
 */
export async function* partsOf(lines: Readable): AsyncGenerator<Part> {
  let pending: Promise<Part> | undefined;
  let number = 0;
  for await (const piece of cut(lines)) {
    const previous = pending;
    number += 1;
    pending = seal(number, piece);
    // An early failure is awaited below, in order.
    pending.catch(() => undefined);
    if (previous) yield await previous;
  }
  if (pending) yield await pending;
}

async function seal(number: number, { bytes, blocks }: Piece): Promise<Part> {
  const content = await compress(bytes, { level: constants.Z_BEST_SPEED });
  const first = bytes.toString('utf8', 0, bytes.indexOf(NEWLINE));
  return { number, blocks, content, first, sha256: createHash('sha256').update(content).digest('hex') };
}

interface Piece {
  bytes: Buffer;
  blocks: number;
}

async function* cut(lines: Readable): AsyncGenerator<Piece> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of lines as AsyncIterable<Buffer>) {
    const end = size + chunk.length >= PART_BYTES ? chunk.lastIndexOf(NEWLINE) + 1 : 0;
    if (end === 0) {
      chunks.push(chunk);
      size += chunk.length;
      continue;
    }
    yield piece([...chunks, chunk.subarray(0, end)]);
    const rest = chunk.subarray(end);
    chunks = rest.length > 0 ? [rest] : [];
    size = rest.length;
  }
  if (size > 0) yield piece(chunks);
}

function piece(chunks: Buffer[]): Piece {
  const bytes = Buffer.concat(chunks);
  let blocks = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) blocks += 1;
  return { bytes, blocks };
}
