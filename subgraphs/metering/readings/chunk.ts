import { BlockRows } from './block-rows.js';
import type { FormatRecord } from '../formats/records.js';
import type { Fault } from './reasons.js';

/** Where a line stands in the bytes that came in. */
export interface LinePlace {
  bytes: Buffer;
  start: number;
  end: number;
  /** From 1, as an editor counts. */
  number: number;
  /** Of another format than our lines: then there are no bytes here, and the number counts records. */
  record?: FormatRecord;
}

export interface QuarantinedLine {
  line: number;
  part: number;
  fault: Fault;
  content: Buffer;
  /** Of a meter of the uploader's, where the line could be understood that far. */
  meter: string | null;
  /** Days since 2000-01-01. */
  day: number | null;
}

const MOST_ROWS = 2_000;
const MOST_BYTES = 4_194_304;

/** What is written in one transaction. */
export class Chunk {
  readonly rows = new BlockRows();
  /** The line of each row, in case the database refuses it. */
  lines: LinePlace[] = [];
  /** Meter of each row. */
  meters: string[] = [];
  days: number[] = [];
  quarantined: QuarantinedLine[] = [];
  #quarantinedBytes = 0;

  get isFull(): boolean {
    const { rows, quarantined } = this;
    if (rows.count >= MOST_ROWS || rows.size >= MOST_BYTES) return true;
    return quarantined.length >= MOST_ROWS || this.#quarantinedBytes >= MOST_BYTES;
  }

  get isEmpty(): boolean {
    return this.rows.count === 0 && this.quarantined.length === 0;
  }

  quarantine(line: QuarantinedLine): void {
    this.quarantined.push(line);
    this.#quarantinedBytes += line.content.length;
  }

  clear(): void {
    this.rows.clear();
    this.lines = [];
    this.meters = [];
    this.days = [];
    this.quarantined = [];
    this.#quarantinedBytes = 0;
  }
}
