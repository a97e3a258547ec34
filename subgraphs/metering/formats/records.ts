import type { BulkSession } from '../../runtime/bulk.js';
import type { KnownMeter } from '../readings/directory.js';
import type { LineDraft } from '../readings/draft.js';
import type { Fault } from '../readings/reasons.js';

/** One reading as a format other than our own lines has it. */
export interface FormatRecord {
  /** What the format calls the meter, the closest name first; {@link Naming} says which meter that is. */
  names: readonly string[];
  /** Fills the draft with one reading for this meter; a fault where the record cannot be one of it. */
  read: (draft: LineDraft, meter: KnownMeter) => Fault | null;
  /** The record as it was sent: what quarantine keeps. */
  bytes: () => Buffer;
}

/** Where a format's records go: the same judging, storing and quarantine as lines have. */
export interface RecordSink {
  record(record: FormatRecord): void;
  /** A record that cannot be understood far enough to be one. */
  refuse(fault: Fault, bytes: Buffer): void;
  /** The same for a record that is not held at once: its parts of 64 KiB one after the other, counted from 0. */
  part(fault: Fault, bytes: Buffer, part: number): void;
}

/** What a format may need beside the body. */
export interface FormatContext {
  sink: RecordSink;
  session: BulkSession;
  now: Date;
}

/** Reads a body in pieces. Throws {@link Unreadable} where it cannot go on; what it gave before that stands. */
export interface BodyReader {
  push(piece: Buffer): void;
  /** The body is complete. `settle` lets what was given be written before there is more of it. */
  end(settle: () => Promise<void>): void | Promise<void>;
}

/** How the names of a format become meters. */
export interface Naming {
  /** Names that the sender has given a meter for. */
  given: ReadonlyMap<string, string>;
  /** Other names are external ids of this scheme; without one they are ids of meters. */
  scheme: string | undefined;
}
