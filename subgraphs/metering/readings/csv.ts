import { digitsAt, NO_DAY, readDate } from './calendar.js';
import { scanDecimal } from './decimals.js';
import { lineText, type LineDraft, type LineReader } from './draft.js';
import { readTime } from './instant.js';
import { fault, quoted, type Fault } from './reasons.js';

const QUOTE = 34;
const COMMA = 44;
const RETURN = 13;
const DAY_COLUMNS = ['meter', 'date', 'interval'];
const READING_COLUMNS = 'meter,time,value';

/**
 * The reader for the lines below a header `meter,date,interval,v1…vN` or `meter,time,value`.
 *
 * @returns the fault of a header that is neither.
 */
export function csvReader(header: string): LineReader | Fault {
  const columns = splitFields(header.replace(/\r$/, ''))?.map((name) => name.trim().toLowerCase()) ?? [];
  if (columns.join(',') === READING_COLUMNS) return readCsvReading;
  const isDay =
    DAY_COLUMNS.every((name, index) => columns[index] === name) && columns.length > DAY_COLUMNS.length;
  if (isDay) return readCsvDay;
  return fault(
    'MALFORMED_LINE',
    `the header must be meter,date,interval,v1… or ${READING_COLUMNS}; it is ${quoted(header)}`,
  );
}

/** Fields of one line; a quoted field doubles its quotes inside. `null` when the quotes do not close. */
export function splitFields(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = pattern.exec(line);
    if (!match) return null;
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '') return fields;
  }
}

const readCsvDay: LineReader = (bytes, start, end, draft) => {
  const stop = bytes[end - 1] === RETURN ? end - 1 : end;
  draft.clear();
  if (scanDay(bytes, start, stop, draft)) return null;
  draft.clear();
  return withFields(bytes, start, stop, (fields) => {
    const [meter = '', date = '', interval = '', ...values] = fields;
    if (values.length === 0) return fault('MALFORMED_LINE', 'the line has fewer than four fields');
    draft.meter = meter;
    draft.takeDate(date);
    draft.interval = /^\d{1,4}$/.test(interval) ? Number(interval) : Number.NaN;
    values.forEach((value, index) => draft.takeValue(value === '' ? null : value, `v${index + 1}`));
    return null;
  });
};

const readCsvReading: LineReader = (bytes, start, end, draft) => {
  const stop = bytes[end - 1] === RETURN ? end - 1 : end;
  draft.clear();
  draft.form = 'reading';
  if (scanReading(bytes, start, stop, draft)) return null;
  draft.clear();
  draft.form = 'reading';
  return withFields(bytes, start, stop, (fields) => {
    const [meter = '', time = '', value = ''] = fields;
    if (fields.length !== 3)
      return fault('MALFORMED_LINE', `the line has ${fields.length} fields instead of three`);
    draft.meter = meter;
    draft.takeTime(time);
    draft.takeValue(value === '' ? null : value, 'value');
    return null;
  });
};

function withFields(
  bytes: Buffer,
  start: number,
  end: number,
  read: (fields: string[]) => Fault | null,
): Fault | null {
  const text = lineText(bytes, start, end);
  if (typeof text !== 'string') return text;
  const fields = splitFields(text);
  return fields ? read(fields) : fault('MALFORMED_LINE', 'a quote is not closed on its line');
}

/** The plain form, straight from the bytes; false when the line must be read with care. */
function scanDay(bytes: Buffer, start: number, end: number, draft: LineDraft): boolean {
  const date = scanMeter(bytes, start, end, draft);
  if (date < 0 || bytes[date + 10] !== COMMA) return false;
  draft.day = readDate(bytes, date, date + 10);
  const interval = date + 11;
  const values = commaAt(bytes, interval, end);
  if (draft.day === NO_DAY || values <= interval || values > interval + 4) return false;
  draft.interval = digitsAt(bytes, interval, values - interval);
  return draft.interval > 0 && scanValues(bytes, values, end, draft);
}

function scanReading(bytes: Buffer, start: number, end: number, draft: LineDraft): boolean {
  const time = scanMeter(bytes, start, end, draft);
  const value = time < 0 ? -1 : commaAt(bytes, time, end);
  if (value < 0 || !readTime(bytes, time, value, draft.time)) return false;
  return scanValues(bytes, value, end, draft) && draft.series.length === 1;
}

function commaAt(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === COMMA) return at;
  return -1;
}

/** Takes the first field; answers where the second begins, or -1. */
function scanMeter(bytes: Buffer, start: number, end: number, draft: LineDraft): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE || byte < 32 || byte > 126) return -1;
    if (byte !== COMMA) continue;
    draft.meter = bytes.toString('latin1', start, at);
    return at + 1;
  }
  return -1;
}

/** Values from a comma on to the end; an empty field is missing. */
function scanValues(bytes: Buffer, comma: number, end: number, draft: LineDraft): boolean {
  const { series } = draft;
  const { values, decimals } = series;
  let at = comma;
  while (at < end && bytes[at] === COMMA) {
    const index = series.length++;
    if (index >= values.length) return false;
    at++;
    if (at < end && bytes[at] !== COMMA) {
      at = scanDecimal(bytes, at, end, values, decimals, index);
      if (at < 0) return false;
    } else {
      values[index] = Number.NaN;
      decimals[index] = 0;
    }
  }
  return at === end;
}
