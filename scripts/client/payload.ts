import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { fault } from './failure.js';

/** What a body is, with the media type that says so to the hub. */
export const MEDIA_TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  wide: 'text/csv; layout=wide',
  espi: 'application/atom+xml',
  daily: 'application/zip',
  unread: 'application/octet-stream',
} as const;

export type BodyType = keyof typeof MEDIA_TYPES;

/** How a body is to be read, beyond its type. */
export interface Reading {
  /** Parameters of the media type. */
  parameters: [name: string, value: string][];
  /** Which name in it is which meter. */
  meters: [name: string, meter: string][];
}

/** Readings on their way to the upload door. */
export interface Payload {
  type: BodyType;
  reading?: Reading;
  encoding: 'gzip' | 'zstd' | undefined;
  /** As sent; undefined where it is not known before. */
  bytes: number | undefined;
  /** Whether `open` gives the same bytes again. */
  isRepeatable: boolean;
  open: () => Readable;
}

const PEEK_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';

/** A file as it is: compression told by its first bytes, the type by `type`, its name or its first character. */
export async function filePayload(path: string, type?: BodyType): Promise<Payload> {
  const head = await firstBytes(path);
  const encoding = encodingOf(head);
  const { size } = await stat(path);
  return {
    type: type ?? typeOfName(path) ?? typeOfContent(head, encoding, path),
    encoding,
    bytes: size,
    isRepeatable: true,
    // A file that somebody still writes to is sent as far as it was when it was looked at.
    open: () => createReadStream(path, { highWaterMark: CHUNK_BYTES, end: size - 1 }),
  };
}

/** Standard input, or any stream: it passes once and cannot be repeated. */
export async function streamPayload(stream: Readable, type?: BodyType): Promise<Payload> {
  const head = await peek(stream);
  const encoding = encodingOf(head);
  return {
    type: type ?? typeOfContent(head, encoding, 'standard input'),
    encoding,
    bytes: undefined,
    isRepeatable: false,
    open: () => stream,
  };
}

/** SHA-256 in hexadecimal of a file's bytes. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
    if (bytesRead === 0) throw fault('FILE_UNUSABLE', `${path} is empty.`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function peek(stream: Readable): Promise<Buffer> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) {
      stream.unshift(chunk);
      return chunk;
    }
    if (stream.readableEnded) throw fault('FILE_UNUSABLE', 'Standard input is empty.');
    await new Promise<void>((resolve, reject) => {
      stream.once('readable', resolve).once('end', resolve).once('error', reject);
    });
  }
}

/** By the magic numbers of RFC 1952 and RFC 8878; names lie. */
function encodingOf(head: Buffer): Payload['encoding'] {
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'gzip';
  return head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])) ? 'zstd' : undefined;
}

function typeOfName(path: string): BodyType | undefined {
  const name = path.toLowerCase().replace(/\.(gz|zst)$/, '');
  if (name.endsWith('.csv')) return 'csv';
  if (name.endsWith('.xml')) return 'espi';
  if (name.endsWith('.zip')) return 'daily';
  return /\.(ndjson|jsonl)$/.test(name) ? 'ndjson' : undefined;
}

function typeOfContent(head: Buffer, encoding: Payload['encoding'], name: string): BodyType {
  const text = plain(head, encoding).toString().replace(BYTE_ORDER_MARK, '').trimStart();
  if (text === '') throw fault('FILE_UNUSABLE', `${name} does not show what it is: say --format.`);
  if (text.startsWith('<')) return 'espi';
  if (text.startsWith('PK\u0003\u0004')) return 'daily';
  return text.startsWith('{') ? 'ndjson' : 'csv';
}

/** As much as the first bytes of a compressed stream give. */
function plain(head: Buffer, encoding: Payload['encoding']): Buffer {
  try {
    if (encoding === 'gzip') return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    if (encoding === 'zstd') return zstdDecompressSync(head, { finishFlush: constants.ZSTD_e_flush });
    return head;
  } catch {
    return Buffer.alloc(0);
  }
}
