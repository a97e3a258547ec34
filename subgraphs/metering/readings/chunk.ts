import type { JudgedDay } from '../quality/judging/day-findings.js';
import { judgeKnown } from '../quality/judging/judge-known.js';
import { BlockRows } from './block-rows.js';
import type { FormatRecord } from '../formats/records.js';
import { dateText } from './calendar.js';
import type { KnownMeter } from './directory.js';
import type { LineDraft } from './draft.js';
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

export function contentOf({ bytes, start, end, record }: LinePlace): Buffer {
  return record ? record.bytes() : bytes.subarray(start, end);
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
const MOST_BYTES = 1_048_576;

/** What is written in one transaction. */
export class Chunk {
  readonly rows = new BlockRows();
  /** The line of each row, in case the database refuses it. */
  lines: LinePlace[] = [];
  /** Meter of each row. */
  meters: string[] = [];
  days: number[] = [];
  quarantined: QuarantinedLine[] = [];
  /** Those of the rows in which the rules found something. */
  judged: JudgedDay[] = [];
  #quarantinedBytes = 0;

  get isFull(): boolean {
    const { rows, quarantined } = this;
    if (rows.count >= MOST_ROWS || rows.size >= MOST_BYTES) return true;
    return quarantined.length >= MOST_ROWS || this.#quarantinedBytes >= MOST_BYTES;
  }

  get isEmpty(): boolean {
    return this.rows.count === 0 && this.quarantined.length === 0;
  }

  /** A whole day that is to be stored as it is. */
  take(place: LinePlace, meter: KnownMeter, { day, interval, series, misdated }: LineDraft): void {
    const { found, marks, hasEdge } = judgeKnown(meter, day, interval, series, { misdated });
    this.rows.add(meter, day, interval, series, marks);
    this.lines.push(place);
    this.meters.push(meter.id);
    this.days.push(day);
    if (found.length > 0 || hasEdge)
      this.judged.push({ meter: meter.id, date: dateText(day), found, hasEdge });
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
    this.judged = [];
    this.#quarantinedBytes = 0;
  }
}
