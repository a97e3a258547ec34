import { createHash } from 'node:crypto';
import { BLOCK, type BlockCipher } from './cipher.js';
import { LARGEST_ARCHIVE } from './config.js';

const NAME = /^[\w-]{1,60}\.zip$/i;
const LENGTH = /^[1-9]\d{0,8}$/;

/** What a data centre announces with `packet_start`; the name is told in the log and is no path. */
export interface Announced {
  name: string;
  bytes: number;
}

/** Undefined for a name or a length that no daily zip has. */
export function announcedIn(name: string, length: string): Announced | undefined {
  const bytes = LENGTH.test(length) ? Number(length) : 0;
  return NAME.test(name) && bytes > 0 && bytes <= LARGEST_ARCHIVE ? { name, bytes } : undefined;
}

/**
 * A file on its way, in one frame or several. Writers announce the length of the zip or of the encrypted file, which
 * has up to a block more: it is whole once that many have come, and the checksum of `packet_end` decides.
 */
export class ArchiveTransfer {
  readonly most: number;
  readonly #announced: Announced;
  #pieces: Buffer[] = [];
  #bytes = 0;

  readonly #cipher: BlockCipher | undefined;

  constructor(announced: Announced, cipher: BlockCipher | undefined) {
    this.#announced = announced;
    this.#cipher = cipher;
    this.most = announced.bytes + (cipher ? BLOCK : 0);
  }

  get name(): string {
    return this.#announced.name;
  }

  get isWhole(): boolean {
    return this.#bytes >= this.#announced.bytes;
  }

  /** False where more came than was announced. */
  add(piece: Buffer): boolean {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    return this.#bytes <= this.most;
  }

  /** As it came so far. */
  get file(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** The zip; undefined where the MD5 of what came is another, or it cannot be deciphered. */
  opened(md5: string): Buffer | undefined {
    const { file } = this;
    if (createHash('md5').update(file).digest('hex') !== md5.toLowerCase()) return undefined;
    try {
      return this.#cipher ? this.#cipher.decrypt(file) : file;
    } catch {
      return undefined;
    }
  }
}
