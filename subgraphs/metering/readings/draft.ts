import { MINUTES_A_DAY, NO_DAY, readDate } from './calendar.js';
import { readDecimal } from './decimals.js';
import { readTime, type WrittenTime } from './instant.js';
import { fault, quoted, type Fault } from './reasons.js';
import { DaySeries } from './series.js';

/**
 * One line as it was understood, before anything is known of its meter. One draft is filled again for every line, so
 * that millions of lines make no garbage.
 */
export class LineDraft {
  /** A whole day, or one reading (`series` then holds one value). */
  form: 'day' | 'reading' = 'day';
  meter = '';
  /** Of a whole day. */
  day = NO_DAY;
  /** Of a whole day, in minutes; NaN when it is no whole number. */
  interval = 0;
  /** Of one reading. */
  readonly time: WrittenTime = { day: NO_DAY, minute: 0, isWholeMinute: true, second: 0, offset: null };
  /** Of one reading: its time closed a day and bore the date of that day. */
  isMisdated = false;
  /** Of a whole day: intervals whose times, as the sender had them, closed the day and bore its date. */
  misdated: number[] | undefined;
  /** One more than a day can have, so that too many are noticed. */
  readonly series = new DaySeries(MINUTES_A_DAY + 1);
  /** What is wrong with the day, time or numbers; said only once the meter is known to be the uploader's. */
  fault: Fault | null = null;

  clear(): void {
    this.form = 'day';
    this.meter = '';
    this.day = NO_DAY;
    this.interval = 0;
    this.series.length = 0;
    this.time.second = 0;
    this.isMisdated = false;
    this.misdated = undefined;
    this.fault = null;
  }

  /** Takes the date of a whole day from text. */
  takeDate(text: string): void {
    const bytes = Buffer.from(text);
    this.day = readDate(bytes, 0, bytes.length);
    if (this.day === NO_DAY) {
      this.fault ??= fault('BAD_DATE', `${quoted(text)} is no day YYYY-MM-DD between 2000 and 2100`);
    }
  }

  /** Takes the time of one reading from text. */
  takeTime(text: string): void {
    const bytes = Buffer.from(text);
    if (readTime(bytes, 0, bytes.length, this.time)) return;
    this.fault ??= fault(
      'BAD_DATE',
      `${quoted(text)} is no time YYYY-MM-DDTHH:MM[:SS][±HH:MM] between 2000 and 2100`,
    );
  }

  /** Takes one value from text; `null` is missing. `name` says which in the detail. */
  takeValue(text: string | null, name: string): void {
    if (text === null) return this.series.push(null);
    const decimal = readDecimal(text);
    if (typeof decimal !== 'string') return this.series.push(decimal);
    this.fault ??= fault('BAD_NUMBER', `${name}: ${quoted(text)} ${decimal}`);
    this.series.push(null);
  }
}

/** Reads one line into the draft. Answers a fault when the line has not the form of one at all. */
export type LineReader = (bytes: Buffer, start: number, end: number, draft: LineDraft) => Fault | null;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line, or the fault that it is none. */
export function lineText(bytes: Buffer, start: number, end: number): string | Fault {
  try {
    return UTF8.decode(bytes.subarray(start, end));
  } catch {
    return fault('INVALID_UTF8', 'the line holds bytes that are not UTF-8');
  }
}
