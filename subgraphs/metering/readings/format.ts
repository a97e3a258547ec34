import { csvReader } from './csv.js';
import type { LineReader } from './draft.js';
import { readNdjsonLine } from './ndjson.js';
import { meterAtStart } from './ndjson-scan.js';

/** `detect`: by the first line. */
export type Format = 'ndjson' | 'csv' | 'detect';

const BRACE = 123;

export function formatOf(contentType: string | undefined): Format {
  const type = contentType?.toLowerCase() ?? '';
  if (/csv/.test(type)) return 'csv';
  return /ndjson|jsonl|json-seq|json-lines/.test(type) ? 'ndjson' : 'detect';
}

/** How the lines of a body are read. */
export interface Reading {
  reader: LineReader;
  /** The id of the meter alone, where it can be had without reading the line. */
  meterOf?: (bytes: Buffer, start: number, end: number) => string | undefined;
  /** Whether the first line is itself only a header. */
  isHeader: boolean;
}

/** Who reads the lines of a body whose first line this is. */
export function readerFor(format: Format, bytes: Buffer, start: number, end: number): Reading {
  if (isNdjson(format, bytes, start, end))
    return { reader: readNdjsonLine, meterOf: meterAtStart, isHeader: false };
  const reader = csvReader(bytes.toString('utf8', start, end));
  if (typeof reader === 'function') return { reader, isHeader: true };
  return { reader: () => reader, isHeader: false };
}

/** Whether a body whose first line this is has JSON lines. */
export function isNdjson(format: Format, bytes: Buffer, start: number, end: number): boolean {
  return format === 'ndjson' || (format === 'detect' && firstByte(bytes, start, end) === BRACE);
}

function firstByte(bytes: Buffer, start: number, end: number): number | undefined {
  return bytes.toString('latin1', start, end).trimStart().charCodeAt(0);
}
