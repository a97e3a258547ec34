import { createHash } from 'node:crypto';
import type { Readable, Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { Refusal } from '../../../gateway/errors.js';

const OUTPUT_CHUNK = 262_144;
/** 16 MiB: what zstd -19 asks for. Without a bound the sender would choose how much memory we take. */
const ZSTD_WINDOW_LOG = 24;
/** gzip cannot expand further than 1,032 times; what goes beyond is made to exhaust, and is no file of readings. */
const LARGEST_EXPANSION = 1_100;
const EXPANSION_ALLOWANCE = 67_108_864;

type Encoding = 'identity' | 'gzip' | 'zstd';
const ENCODINGS: Record<string, Encoding> = {
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  zstd: 'zstd',
};

/**
 * A body as it arrives: hashed as received, decompressed, handed on in pieces no faster than they are asked for.
 * A body that breaks off or cannot be decompressed ends the pieces early, and `interrupted` says why.
 */
export class UploadSource {
  /** Bytes as received. */
  bytes = 0;
  interrupted: string | undefined;
  readonly #body: Readable;
  readonly #declared: Encoding | undefined;
  readonly #hash = createHash('sha256');
  #expanded = 0;

  /** @throws Refusal UNSUPPORTED_MEDIA_TYPE for an encoding that we do not know. */
  constructor(body: Readable, contentEncoding?: string) {
    this.#body = body;
    const name = contentEncoding?.trim().toLowerCase();
    this.#declared = name ? ENCODINGS[name] : undefined;
    if (name && !this.#declared) {
      throw new Refusal('UNSUPPORTED_MEDIA_TYPE', {
        message: `The content encoding ${name} is not supported.`,
      });
    }
  }

  /** SHA-256 of the bytes received so far, hexadecimal. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** The decompressed pieces. */
  async *pieces(): AsyncGenerator<Buffer> {
    const received = this.#received();
    const first = await this.#firstBytes(received);
    const encoding = this.#declared && this.#declared !== 'identity' ? this.#declared : encodingOf(first);
    if (encoding === 'identity') {
      if (first.length > 0) yield first;
      yield* received;
      return;
    }
    for await (const piece of this.#inflated(first, received, inflaterOf(encoding))) {
      this.#expanded += piece.length;
      if (this.#expanded > EXPANSION_ALLOWANCE && this.#expanded > this.bytes * LARGEST_EXPANSION) {
        this.interrupted ??= `the body expands more than ${LARGEST_EXPANSION} times`;
        return;
      }
      yield piece;
    }
  }

  async *#received(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of this.#body as AsyncIterable<Buffer | string>) {
        yield this.#counted(typeof piece === 'string' ? Buffer.from(piece) : piece);
      }
    } catch (error) {
      for (let piece = left(this.#body); piece; piece = left(this.#body)) yield this.#counted(piece);
      this.interrupted ??= `the body broke off: ${messageOf(error)}`;
    }
  }

  #counted(bytes: Buffer): Buffer {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    return bytes;
  }

  /** Enough bytes to tell an encoding by its magic number. */
  async #firstBytes(received: AsyncGenerator<Buffer>): Promise<Buffer> {
    let first: Buffer = Buffer.alloc(0);
    while (first.length < 4) {
      const { value, done } = await received.next();
      if (done) break;
      first = first.length === 0 ? value : Buffer.concat([first, value]);
    }
    return first;
  }

  /** What can be decompressed of a broken body comes out before the break is told. */
  async *#inflated(
    first: Buffer,
    received: AsyncGenerator<Buffer>,
    inflater: Transform,
  ): AsyncGenerator<Buffer> {
    const feeding = feed(inflater, first, received);
    try {
      for await (const piece of inflater) yield piece as Buffer;
    } catch (error) {
      for (let piece = left(inflater); piece; piece = left(inflater)) yield piece;
      this.interrupted ??= `the body could not be decompressed: ${messageOf(error)}`;
    } finally {
      inflater.destroy();
      await feeding;
      await this.#finish(received);
    }
  }

  /** After a break the sender is still heard out, or it would never hear our answer; otherwise the body is closed. */
  async #finish(received: AsyncGenerator<Buffer>): Promise<void> {
    if (!this.interrupted) await received.return(undefined);
    else while (!(await received.next()).done);
  }
}

function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | null)?.message ?? error);
}

/** What a failed stream had ready but had not handed out. */
function left(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}

function encodingOf(first: Buffer): Encoding {
  if (first.length >= 2 && first.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (first.length >= 4 && first.readUInt32BE(0) === 0x28b52ffd) return 'zstd';
  return 'identity';
}

function inflaterOf(encoding: 'gzip' | 'zstd'): Transform {
  if (encoding === 'gzip') return createGunzip({ chunkSize: OUTPUT_CHUNK });
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
  return createZstdDecompress({ chunkSize: OUTPUT_CHUNK, params });
}

/**
 * Feeds piece after piece, each only when the last is through: an end that comes with a piece still inside would be
 * an error that swallows what that piece held. Never rejects: a fault of the inflater reaches whoever reads it.
 */
async function feed(inflater: Transform, first: Buffer, received: AsyncGenerator<Buffer>): Promise<void> {
  let piece: Buffer | undefined = first;
  let proceed: (() => void) | undefined;
  // A write that fails is never answered; the inflater closes.
  inflater.once('close', () => proceed?.());
  while (piece && !inflater.destroyed) {
    const bytes = piece;
    await new Promise<void>((resolve) => {
      proceed = resolve;
      inflater.write(bytes, () => resolve());
    });
    piece = (await received.next()).value as Buffer | undefined;
  }
  if (!inflater.destroyed) inflater.end();
}
