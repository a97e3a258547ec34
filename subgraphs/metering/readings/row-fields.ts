import type { DaySeries } from './series.js';

/** PostgreSQL's type numbers, which each field of a row sent in binary names before its length and contents. */
const BYTEA = 17;
const INT2 = 21;
const INT8 = 20;
const TEXT = 25;
const DATE = 1082;
const INT8_ARRAY = 1016;

const ARRAY_HEADER = 20;
const TWO_TO_32 = 4_294_967_296;

/** Texts as binary fields. */
export function textFields(texts: string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const fields = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 8 + length, 0));
  let at = 0;
  texts.forEach((text, index) => {
    at = fields.writeInt32BE(TEXT, at);
    at = fields.writeInt32BE(lengths[index]!, at);
    at += fields.write(text, at);
  });
  return fields;
}

/** Most bytes that a row takes beside its text fields. */
export function rowSize(values: number): number {
  return 160 + values * 13;
}

/** Writes binary fields one after the other. The view must have room; see {@link rowSize}. */
export class FieldWriter {
  bytes: Buffer;
  at = 0;
  #view: DataView;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes on in a larger buffer that begins with the same bytes. */
  move(bytes: Buffer): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int32(value: number): void {
    this.#view.setInt32(this.at, value);
    this.at += 4;
  }

  int32At(place: number, value: number): void {
    this.#view.setInt32(place, value);
  }

  copy(bytes: Buffer): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  date(day: number): void {
    this.int32(DATE);
    this.int32(4);
    this.int32(day);
  }

  int2(value: number): void {
    this.int32(INT2);
    this.int32(2);
    this.#view.setInt16(this.at, value);
    this.at += 2;
  }

  int8(value: number | bigint): void {
    this.int32(INT8);
    this.int32(8);
    this.#view.setBigInt64(this.at, BigInt(value));
    this.at += 8;
  }

  bytea(bytes: Uint8Array): void {
    this.int32(BYTEA);
    this.int32(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Integers as doubles, NaN as NULL: `bigint[]`. */
  int8Array({ values, length, present }: DaySeries): void {
    this.int32(INT8_ARRAY);
    this.int32(ARRAY_HEADER + present * 12 + (length - present) * 4);
    this.int32(1);
    this.int32(present < length ? 1 : 0);
    this.int32(INT8);
    this.int32(length);
    this.int32(1);
    const view = this.#view;
    let at = this.at;
    for (let index = 0; index < length; index++) {
      const value = values[index]!;
      if (value !== value) {
        view.setInt32(at, -1);
        at += 4;
        continue;
      }
      const high = Math.floor(value / TWO_TO_32);
      view.setInt32(at, 8);
      view.setInt32(at + 4, high);
      view.setUint32(at + 8, value - high * TWO_TO_32);
      at += 12;
    }
    this.at = at;
  }
}
