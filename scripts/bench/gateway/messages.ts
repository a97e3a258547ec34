/** Of one message: its first lines, and its body where that was to be kept. */
export type OnMessage = (head: string, body: Buffer) => void;

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const END_OF_LINE = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Reads HTTP/1.1 messages from one connection, of which each has a length or comes in chunks. A client or server of
 * Node.js would take more of the processor than some of what is measured here.
 */
export class Messages {
  readonly #onMessage: OnMessage;
  readonly #keepsBodies: boolean;
  #pending: Buffer = NOTHING;
  #head: string | null = null;
  #isChunked = false;
  /** Of the body or the chunk under way; a chunk's own line end included. */
  #missing = 0;
  #isLast = false;
  #body: Buffer[] = [];

  constructor(onMessage: OnMessage, { keepsBodies }: { keepsBodies: boolean }) {
    this.#onMessage = onMessage;
    this.#keepsBodies = keepsBodies;
  }

  push(bytes: Buffer): void {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes;
    while (this.#advance());
  }

  /** False when more bytes have to come first. */
  #advance(): boolean {
    if (this.#head === null) return this.#readHead();
    if (this.#missing > 0) return this.#readBody();
    if (!this.#isChunked || this.#isLast) return this.#finish();
    return this.#readChunkLine();
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf(END_OF_HEAD);
    if (end === -1) return false;
    const head = this.#pending.toString('latin1', 0, end);
    this.#head = head;
    this.#pending = this.#pending.subarray(end + END_OF_HEAD.length);
    this.#isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    this.#isLast = false;
    this.#missing = this.#isChunked ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    return true;
  }

  #readBody(): boolean {
    if (this.#pending.length === 0) return false;
    const part = this.#pending.subarray(0, this.#missing);
    const data = this.#isChunked ? part.subarray(0, Math.max(0, this.#missing - END_OF_LINE.length)) : part;
    if (this.#keepsBodies) this.#body.push(data);
    this.#pending = this.#pending.subarray(part.length);
    this.#missing -= part.length;
    return true;
  }

  #readChunkLine(): boolean {
    const end = this.#pending.indexOf(END_OF_LINE);
    if (end === -1) return false;
    const size = Number.parseInt(this.#pending.toString('latin1', 0, end), 16);
    this.#pending = this.#pending.subarray(end + END_OF_LINE.length);
    this.#isLast = size === 0;
    this.#missing = size + END_OF_LINE.length;
    return true;
  }

  #finish(): true {
    const [head, body] = [this.#head ?? '', Buffer.concat(this.#body)];
    this.#head = null;
    this.#body = [];
    this.#onMessage(head, body);
    return true;
  }
}
