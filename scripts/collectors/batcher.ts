import { createHash } from 'node:crypto';

/** Lines of some packets, sent as one upload. */
export interface Batch {
  /** Idempotency-Key: made of the peers, their sequences and what they said under them. */
  key: string;
  lines: number;
  body: Buffer;
}

interface Waiting {
  /** Peer, sequence and hash of the lines. */
  source: string;
  lines: string[];
  stored: () => void;
  failed: (error: unknown) => void;
}

/** So many bytes may wait; whoever brings more is told to wait itself. */
const MOST_BYTES = 33_554_432;

/** Gathers lines for some hundred milliseconds and sends them together, one batch after the other, in order. */
export class Batcher {
  readonly #send: (batch: Batch) => Promise<void>;
  readonly #milliseconds: number;
  readonly #most: number;
  #waiting: Waiting[] = [];
  #lines = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #room: (() => void)[] = [];

  constructor(
    send: (batch: Batch) => Promise<void>,
    { milliseconds, lines }: { milliseconds: number; lines: number },
  ) {
    this.#send = send;
    this.#milliseconds = milliseconds;
    this.#most = lines;
  }

  get isFull(): boolean {
    return this.#bytes >= MOST_BYTES;
  }

  /** Resolves once less waits. */
  room(): Promise<void> {
    return this.isFull ? new Promise((resolve) => this.#room.push(resolve)) : Promise.resolve();
  }

  /** Resolves once a receipt says that the lines are stored or quarantined; rejects when the hub refused them. */
  add(source: string, lines: string[]): Promise<void> {
    return new Promise((stored, failed) => {
      this.#waiting.push({ source, lines, stored, failed });
      this.#lines += lines.length;
      for (const line of lines) this.#bytes += line.length;
      if (this.#lines >= this.#most) this.#begin();
      else this.#timer ??= setTimeout(() => this.#begin(), this.#milliseconds);
    });
  }

  /** Sends what waits and waits for it. */
  async finish(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sending) {
      this.#begin();
      await this.#sending;
    }
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = this.#sendNext().finally(() => {
      this.#sending = undefined;
      if (this.#lines >= this.#most) this.#begin();
      else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#begin(), this.#milliseconds);
    });
  }

  async #sendNext(): Promise<void> {
    const { waiting, batch } = this.#next();
    try {
      await this.#send(batch);
      for (const { stored } of waiting) stored();
    } catch (error) {
      for (const { failed } of waiting) failed(error);
    }
  }

  #next(): { waiting: Waiting[]; batch: Batch } {
    const waiting: Waiting[] = [];
    let lines = 0;
    for (let first = this.#waiting[0]; first && lines < this.#most; first = this.#waiting[0]) {
      waiting.push(first);
      this.#waiting.shift();
      lines += first.lines.length;
    }
    const text = waiting.flatMap((packet) => packet.lines).join('');
    this.#lines -= lines;
    this.#bytes -= text.length;
    if (!this.isFull) for (const go of this.#room.splice(0)) go();
    const sources = JSON.stringify(waiting.map(({ source }) => source));
    const key = `collectors-${createHash('sha256').update(sources).digest('hex')}`;
    return { waiting, batch: { key, lines, body: Buffer.from(text) } };
  }
}
