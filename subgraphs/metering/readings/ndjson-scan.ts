import { digitsAt, readDate, NO_DAY } from './calendar.js';
import { scanDecimal } from './decimals.js';
import type { LineDraft } from './draft.js';
import { readTime } from './instant.js';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const BRACE = 123;
const CLOSING_BRACE = 125;
const LETTER_N = 110;

const METER = 1;
const DATE = 2;
const INTERVAL = 4;
const VALUES = 8;
const TIME = 16;
const VALUE = 32;

const NAMES = [
  { member: METER, name: Buffer.from('"meter"') },
  { member: DATE, name: Buffer.from('"date"') },
  { member: INTERVAL, name: Buffer.from('"interval"') },
  { member: VALUES, name: Buffer.from('"values"') },
  { member: VALUE, name: Buffer.from('"value"') },
  { member: TIME, name: Buffer.from('"time"') },
];
type Name = (typeof NAMES)[number];

/**
 * Reads the plain form of a line straight from its bytes: known members once each, no escapes, plain numbers, ASCII.
 *
 * @returns false for anything else; that says nothing of the line but that it must be read with care.
 */
export function scanNdjson(bytes: Buffer, start: number, end: number, draft: LineDraft): boolean {
  let at = skipBlanks(bytes, start, end);
  if (bytes[at] !== BRACE) return false;
  let seen = 0;
  do {
    at = skipBlanks(bytes, at + 1, end);
    const found = nameAt(bytes, at, end);
    if (!found || (seen & found.member) !== 0) return false;
    seen |= found.member;
    at = skipBlanks(bytes, at + found.name.length, end);
    if (bytes[at] !== COLON) return false;
    at = scanMember(bytes, skipBlanks(bytes, at + 1, end), end, found.member, draft);
    if (at < 0) return false;
    at = skipBlanks(bytes, at, end);
  } while (at < end && bytes[at] === COMMA);
  if (bytes[at] !== CLOSING_BRACE || skipBlanks(bytes, at + 1, end) !== end) return false;
  draft.form = seen === (METER | TIME | VALUE) ? 'reading' : 'day';
  return draft.form === 'reading' || seen === (METER | DATE | INTERVAL | VALUES);
}

/** The meter of a line that begins with it in the plain form; `undefined` says nothing of any other. */
export function meterAtStart(bytes: Buffer, start: number, end: number): string | undefined {
  if (bytes[start] !== BRACE || nameAt(bytes, start + 1, end)?.member !== METER) return undefined;
  const quote = start + 1 + '"meter":'.length;
  if (bytes[quote - 1] !== COLON || bytes[quote] !== QUOTE) return undefined;
  const close = plainTextEnd(bytes, quote + 1, end);
  return close < 0 ? undefined : bytes.toString('latin1', quote + 1, close);
}

function skipBlanks(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13)) at++;
  return at;
}

/** Which of our names stands here, quotes included. */
function nameAt(bytes: Buffer, at: number, end: number): Name | null {
  for (const candidate of NAMES) {
    const { name } = candidate;
    if (bytes[at + 1] !== name[1] || at + name.length > end) continue;
    let index = 0;
    while (index < name.length && bytes[at + index] === name[index]) index++;
    if (index === name.length) return candidate;
  }
  return null;
}

function scanMember(bytes: Buffer, at: number, end: number, member: number, draft: LineDraft): number {
  if (member === VALUES) return scanValues(bytes, at, end, draft);
  if (member === VALUE) return scanOne(bytes, at, end, draft);
  if (member === INTERVAL) return scanInterval(bytes, at, end, draft);
  if (bytes[at] !== QUOTE) return -1;
  const close = plainTextEnd(bytes, at + 1, end);
  if (close < 0) return -1;
  if (member === METER) draft.meter = bytes.toString('latin1', at + 1, close);
  else if (member === TIME) return readTime(bytes, at + 1, close, draft.time) ? close + 1 : -1;
  else if ((draft.day = readDate(bytes, at + 1, close)) === NO_DAY) return -1;
  return close + 1;
}

/** Where a text without escapes ends, in plain ASCII; else -1. */
function plainTextEnd(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < 32 || byte > 126 || byte === BACKSLASH) return -1;
  }
  return -1;
}

function scanInterval(bytes: Buffer, start: number, end: number, draft: LineDraft): number {
  let at = start;
  while (at < end && at < start + 4 && digitsAt(bytes, at, 1) >= 0) at++;
  if (at === start || bytes[start] === 48) return -1;
  draft.interval = digitsAt(bytes, start, at - start);
  return at;
}

function scanValues(bytes: Buffer, start: number, end: number, draft: LineDraft): number {
  let at = start;
  if (bytes[at] !== BRACKET) return -1;
  do {
    at = scanOne(bytes, skipBlanks(bytes, at + 1, end), end, draft);
    if (at < 0) return -1;
    at = skipBlanks(bytes, at, end);
  } while (at < end && bytes[at] === COMMA);
  return bytes[at] === CLOSING_BRACKET ? at + 1 : -1;
}

/** One value: a number, a number as text, or null. */
function scanOne(bytes: Buffer, at: number, end: number, draft: LineDraft): number {
  const { series } = draft;
  const index = series.length;
  if (index >= series.values.length) return -1;
  series.length = index + 1;
  if (bytes[at] === LETTER_N) return scanNull(bytes, at, end, draft, index);
  const isText = bytes[at] === QUOTE;
  const next = scanDecimal(bytes, isText ? at + 1 : at, end, series.values, series.decimals, index);
  if (!isText || next < 0) return next;
  return bytes[next] === QUOTE ? next + 1 : -1;
}

function scanNull(bytes: Buffer, at: number, end: number, draft: LineDraft, index: number): number {
  draft.series.values[index] = Number.NaN;
  draft.series.decimals[index] = 0;
  const isNull = at + 4 <= end && bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108;
  return isNull ? at + 4 : -1;
}
