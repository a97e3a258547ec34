import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fault } from '../client/failure.js';
import type { BlockCipherSpec, CipherSpec } from './config.js';

export const BLOCK = 16;

/** AES over some bytes, each time for itself. */
export class BlockCipher {
  readonly #name: string;
  readonly #key: Buffer;
  readonly #iv: Buffer | null;
  readonly #hasPadding: boolean;

  constructor({ mode, iv, padding, keyFile }: BlockCipherSpec, key: Buffer) {
    if (![16, 24, 32].includes(key.length))
      throw fault('FILE_UNUSABLE', `${keyFile}: an AES key has 16, 24 or 32 bytes, this one ${key.length}.`);
    this.#name = `aes-${key.length * 8}-${mode.slice(4)}`;
    this.#key = key;
    this.#iv = mode === 'aes-ecb' ? null : iv === undefined ? key.subarray(0, BLOCK) : Buffer.from(iv, 'hex');
    this.#hasPadding = padding === 'pkcs7';
  }

  encrypt(plain: Buffer): Buffer {
    const cipher = createCipheriv(this.#name, this.#key, this.#iv).setAutoPadding(this.#hasPadding);
    const zeros = this.#hasPadding ? 0 : (BLOCK - (plain.length % BLOCK)) % BLOCK;
    return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(zeros)])), cipher.final()]);
  }

  /** Throws where it is no whole number of blocks, or the padding is not right. */
  decrypt(secret: Buffer): Buffer {
    const decipher = createDecipheriv(this.#name, this.#key, this.#iv).setAutoPadding(this.#hasPadding);
    const plain = Buffer.concat([decipher.update(secret), decipher.final()]);
    if (this.#hasPadding) return plain;
    let end = plain.length;
    while (end > 0 && plain[end - 1] === 0) end--;
    return plain.subarray(0, end);
  }
}

/** Over the body of each frame. */
export class Cipher extends BlockCipher {
  readonly from: CipherSpec['from'];

  constructor(spec: CipherSpec, key: Buffer) {
    super(spec, key);
    this.from = spec.from;
  }
}
