import { fault, type Fault, quoted } from '../../readings/reasons.js';
import { LONGEST_LINE } from '../../readings/splitter.js';
import type { BodyReader, RecordSink } from '../records.js';
import { Unreadable } from '../unreadable.js';

/** A daily zip at its largest, with room for what it was enciphered in. */
const LARGEST_UNREAD = 67_108_864 + 4_096;

/** What its sender could not read: one record, which goes to quarantine as it came, in parts. */
export class UnreadReader implements BodyReader {
  readonly #sink: RecordSink;
  readonly #fault: Fault;
  readonly #most: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #parts = 0;

  constructor(sink: RecordSink, said = 'nothing said why', most = LARGEST_UNREAD) {
    this.#sink = sink;
    this.#most = most;
    this.#fault = fault('UNPARSED', `the sender could not read it: ${quoted(said)}`);
  }

  push(piece: Buffer): void {
    const fitting = piece.subarray(0, this.#most - this.#bytes);
    this.#bytes += fitting.length;
    // A copy: what waits to be written must not hold on to all that came with it.
    this.#waiting.push(Buffer.from(fitting));
    this.#waitingBytes += fitting.length;
    if (this.#waitingBytes >= LONGEST_LINE) this.#give(LONGEST_LINE);
    if (fitting.length === piece.length) return;
    this.end();
    throw new Unreadable(`What nobody could read is kept up to ${this.#most} bytes.`, 'Send less.');
  }

  end(): void {
    this.#give(1);
  }

  /** Gives parts until less than `least` bytes wait. */
  #give(least: number): void {
    const bytes = Buffer.concat(this.#waiting);
    let start = 0;
    for (; bytes.length - start >= least; start += LONGEST_LINE)
      this.#sink.part(this.#fault, bytes.subarray(start, start + LONGEST_LINE), this.#parts++);
    this.#waiting = [bytes.subarray(start)];
    this.#waitingBytes = Math.max(0, bytes.length - start);
  }
}
