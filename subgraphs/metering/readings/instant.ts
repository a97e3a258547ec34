import { digitsAt, MINUTES_A_DAY, NO_DAY, readDate } from './calendar.js';

/** The start of one reading's interval, as it was written. */
export interface WrittenTime {
  /** Day of the clock it was written by. */
  day: number;
  /** Minute of that day. */
  minute: number;
  /** Whether it stands on a whole minute; where it does not, the whole second of it. */
  isWholeMinute: boolean;
  second: number;
  /** Minutes ahead of UTC; `null` for the meter's own clock. */
  offset: number | null;
}

const COLON = 58;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;

/**
 * Reads ISO 8601 `YYYY-MM-DDTHH:MM[:SS[.fff]][Z|±HH:MM|±HHMM|±HH]` (a blank may stand for the T).
 *
 * @returns whether it is one; `into` is filled only then.
 */
export function readTime(bytes: Uint8Array, start: number, end: number, into: WrittenTime): boolean {
  const day = readDate(bytes, start, start + 10);
  const separator = bytes[start + 10];
  if (day === NO_DAY || end - start < 16 || !(separator === 84 || separator === 116 || separator === 32))
    return false;
  const hour = digitsAt(bytes, start + 11, 2);
  const minute = digitsAt(bytes, start + 14, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || bytes[start + 13] !== COLON) return false;
  into.day = day;
  into.minute = hour * 60 + minute;
  const zone = readSeconds(bytes, start + 16, end, into);
  return zone > 0 && readOffset(bytes, zone, end, into);
}

/** Reads the optional seconds; answers where they end, or -1. */
function readSeconds(bytes: Uint8Array, start: number, end: number, into: WrittenTime): number {
  into.isWholeMinute = true;
  into.second = 0;
  if (start === end || bytes[start] !== COLON) return start;
  const seconds = start + 3 <= end ? digitsAt(bytes, start + 1, 2) : -1;
  if (seconds < 0 || seconds > 59) return -1;
  into.isWholeMinute = seconds === 0;
  into.second = seconds;
  if (start + 3 === end || bytes[start + 3] !== POINT) return start + 3;
  let at = start + 4;
  for (; at < end && digitsAt(bytes, at, 1) >= 0; at++) if (bytes[at] !== ZERO) into.isWholeMinute = false;
  return at > start + 4 ? at : -1;
}

/** Reads the optional offset up to the very end. */
function readOffset(bytes: Uint8Array, start: number, end: number, into: WrittenTime): boolean {
  into.offset = null;
  if (start === end) return true;
  const sign = bytes[start];
  if (sign === 90 || sign === 122) {
    into.offset = 0;
    return start + 1 === end;
  }
  if (sign !== PLUS && sign !== MINUS) return false;
  const length = end - start - 1;
  const hasColon = length === 5 && bytes[start + 3] === COLON;
  if (length !== 2 && length !== 4 && !hasColon) return false;
  const hours = digitsAt(bytes, start + 1, 2);
  const minutes = length === 2 ? 0 : digitsAt(bytes, start + (hasColon ? 4 : 3), 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return false;
  into.offset = (hours * 60 + minutes) * (sign === MINUS ? -1 : 1);
  return true;
}

/** Minutes since 2000-01-01T00:00 on the clock it was written by. */
export function writtenMinutes(time: WrittenTime): number {
  return time.day * MINUTES_A_DAY + time.minute;
}
