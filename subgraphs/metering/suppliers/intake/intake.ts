import type { QuarantinedLine } from '../../readings/chunk.js';
import type { Format } from '../../readings/format.js';
import { fault, type Fault, type QuarantineReason } from '../../readings/reasons.js';
import { isBlank, type LineSink } from '../../readings/splitter.js';
import type { Tally } from '../../readings/writer.js';
import { membersReader, type MembersReader } from './members.js';
import type { Store } from './store.js';
import { type Known, type SupplyLine, supplyLineOf } from './supply-line.js';

/** A line that waits to be stored, and its bytes should it be refused there. */
export interface WaitingLine {
  number: number;
  content: Buffer;
  supply: SupplyLine;
}

const MOST_LINES = 1_000;
const MOST_BYTES = 4_194_304;

/** What one upload's lines become: stored in order, a transaction for each part, or quarantined with the reason. */
export class SupplyIntake implements LineSink {
  /** Lines that are not blank; a header of CSV is none. */
  lines = 0;
  readonly tally: Tally = { accepted: 0, unchanged: 0, corrected: 0, quarantined: 0, reasons: {} };
  readonly #format: Format;
  readonly #known: Known;
  readonly #store: Store;
  #reader: MembersReader | undefined;
  #waiting = new Map<string, WaitingLine>();
  #refused: QuarantinedLine[] = [];
  #bytes = 0;

  constructor(format: Format, known: Known, store: Store) {
    this.#format = format;
    this.#known = known;
    this.#store = store;
  }

  line(bytes: Buffer, start: number, end: number, number: number): void {
    if (isBlank(bytes, start, end)) return;
    if (!this.#reader) {
      const { reader, isHeader } = membersReader(this.#format, bytes, start, end);
      this.#reader = reader;
      if (isHeader) return;
    }
    this.lines++;
    // A copy: the piece of the body that holds the line is large and would wait with it.
    const content = Buffer.from(bytes.subarray(start, end));
    const members = this.#reader(bytes, start, end);
    const supply = 'reason' in members ? members : supplyLineOf(members, this.#known);
    if ('reason' in supply) return this.#refuse(number, 0, supply, content);
    const key = keyOf(supply);
    if (this.#waiting.has(key)) return this.#refuse(number, 0, REPEATED, content);
    this.#waiting.set(key, { number, content, supply });
    this.#bytes += content.length;
  }

  oversize(content: Buffer, number: number, part: number): void {
    if (part === 0) this.lines++;
    this.#refuse(number, part, fault('OVERSIZE_LINE', 'the line is longer than 64 KiB'), content);
  }

  /** Called after each piece of the body. */
  async settle(): Promise<void> {
    const { size } = this.#waiting;
    if (size + this.#refused.length >= MOST_LINES || this.#bytes >= MOST_BYTES) await this.write();
  }

  async write(): Promise<void> {
    const [waiting, refused] = [[...this.#waiting.values()], this.#refused];
    [this.#waiting, this.#refused, this.#bytes] = [new Map(), [], 0];
    if (waiting.length + refused.length === 0) return;
    const { accepted, unchanged, corrected, repeated } = await this.#store(waiting, refused, refusedLine);
    this.tally.accepted += accepted;
    this.tally.unchanged += unchanged;
    this.tally.corrected += corrected;
    for (const { part, fault: found } of refused) if (part === 0) this.#count(found.reason);
    for (let left = repeated; left > 0; left--) this.#count(REPEATED.reason);
  }

  #refuse(line: number, part: number, refused: Fault, content: Buffer): void {
    this.#refused.push({ line, part, fault: refused, content, meter: null, day: null });
    this.#bytes += content.length;
  }

  #count(reason: QuarantineReason): void {
    this.tally.quarantined++;
    this.tally.reasons[reason] = (this.tally.reasons[reason] ?? 0) + 1;
  }
}

const REPEATED = fault('DUPLICATE_LINE', 'this upload gave the same record of the customer and item before');

function refusedLine({ number, content }: WaitingLine): QuarantinedLine {
  return { line: number, part: 0, fault: REPEATED, content, meter: null, day: null };
}

function keyOf({ customer, energy_item, supplier_meter, record }: SupplyLine): string {
  return JSON.stringify([customer, energy_item, supplier_meter, record]);
}
