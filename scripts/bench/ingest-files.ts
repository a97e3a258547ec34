import { join } from 'node:path';
import type { BenchDay } from './ingest-input.js';

/** How a day is written for one of the ways to load it. */
export interface DayEncoder {
  path: string;
  begin: Buffer | string;
  encode: (day: BenchDay) => Buffer | string;
  finish: Buffer | string;
}

/** Columns that COPY is given; the others have defaults. */
export const COPIED_COLUMNS =
  'date, meter, area, subject, interval_minutes, scale, values, total, present, batch';
export const BENCH_AREA = '310101';
export const BENCH_SUBJECT = '91310000MA1FL00000';
const BATCH = 'bench';
const SCALE = 6;
const MINUTES = 1_440;
const EPOCH = Date.UTC(2000, 0, 1);

/** The same days in the three forms that are compared. */
export class IngestFiles {
  readonly ndjson: string;
  readonly text: string;
  readonly binary: string;
  readonly encoders: DayEncoder[];

  constructor(folder: string) {
    this.ndjson = join(folder, 'days.ndjson');
    this.text = join(folder, 'days.copy');
    this.binary = join(folder, 'days.bin');
    const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
    this.encoders = [
      { path: this.ndjson, begin: '', encode: ndjsonLine, finish: '' },
      { path: this.text, begin: '', encode: textRow, finish: '' },
      { path: this.binary, begin: signature, encode: binaryRow, finish: Buffer.from([0xff, 0xff]) },
    ];
  }
}

/** Millionths as JSON has them: the shortest decimal. */
function decimal(millionths: number): string {
  if (Number.isNaN(millionths)) return 'null';
  const digits = String(Math.abs(millionths)).padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return `${millionths < 0 ? '-' : ''}${digits.slice(0, -SCALE)}${fraction && `.${fraction}`}`;
}

function ndjsonLine({ meter, date, values }: BenchDay): string {
  const numbers = Array.from(values, decimal).join(',');
  return `{"meter":"${meter}","date":"${date}","interval":${MINUTES / values.length},"values":[${numbers}]}\n`;
}

interface Stored {
  integers: (number | null)[];
  scale: number;
  total: number;
  present: number;
}

/** The same integers at the same scale that the hub stores, so that COPY has no more and no less to write. */
function stored(values: Float64Array): Stored {
  let scale = 0;
  for (const value of values) {
    while (!Number.isNaN(value) && value % 10 ** (SCALE - scale) !== 0) scale++;
  }
  const integers = Array.from(values, (value) =>
    Number.isNaN(value) ? null : value / 10 ** (SCALE - scale),
  );
  const present = integers.filter((value) => value !== null);
  return { integers, scale, total: present.reduce((sum, value) => sum + value, 0), present: present.length };
}

function textRow({ meter, date, values }: BenchDay): string {
  const { integers, scale, total, present } = stored(values);
  const array = integers.map((value) => value ?? 'NULL').join(',');
  return `${[date, meter, BENCH_AREA, BENCH_SUBJECT, MINUTES / values.length, scale, `{${array}}`, total, present, BATCH].join('\t')}\n`;
}

function binaryRow({ meter, date, values }: BenchDay): Buffer {
  const { integers, scale, total, present } = stored(values);
  const array = Buffer.concat([int32s(1, 1, 20, integers.length, 1), ...integers.map(arrayElement)]);
  const fields = [
    int32s((Date.parse(date) - EPOCH) / 86_400_000),
    ...[meter, BENCH_AREA, BENCH_SUBJECT].map((text) => Buffer.from(text)),
    int16(MINUTES / values.length),
    int16(scale),
    array,
    int64(total),
    int16(present),
    Buffer.from(BATCH),
  ];
  return Buffer.concat([int16(fields.length), ...fields.flatMap((field) => [int32s(field.length), field])]);
}

function arrayElement(value: number | null): Buffer {
  return value === null ? int32s(-1) : Buffer.concat([int32s(8), int64(value)]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32BE(value, index * 4));
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
