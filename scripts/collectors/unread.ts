import type { RefusalReason } from './counters.js';

/** What a peer that had proved who it is sent, and nobody could read. */
export interface Unread {
  bytes: Buffer;
  reason: RefusalReason;
  peer: string;
}

export interface KeepingOptions {
  upload: (unread: Unread) => Promise<unknown>;
  kept: (unread: Unread) => void;
  failed: (unread: Unread, error: unknown) => void;
}

/** So many bytes may wait to be kept; what comes beyond, its sender still has: it was not acknowledged. */
const MOST_BYTES = 134_217_728;

/** Hands what could not be read to the hub's quarantine, one after the other. */
export class Keeping {
  readonly #options: KeepingOptions;
  #bytes = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: KeepingOptions) {
    this.#options = options;
  }

  /** Resolves once it is in quarantine, or was told to have failed. */
  keep(unread: Unread): Promise<void> {
    const { bytes } = unread;
    if (this.#bytes + bytes.length > MOST_BYTES) {
      this.#options.failed(unread, new Error('too much waits to be kept'));
      return Promise.resolve();
    }
    this.#bytes += bytes.length;
    this.#last = this.#last.then(() => this.#upload(unread));
    return this.#last;
  }

  /** Resolves once nothing waits. */
  async finish(): Promise<void> {
    await this.#last;
  }

  async #upload(unread: Unread): Promise<void> {
    try {
      await this.#options.upload(unread);
      this.#options.kept(unread);
    } catch (error) {
      this.#options.failed(unread, error);
    } finally {
      this.#bytes -= unread.bytes.length;
    }
  }
}
