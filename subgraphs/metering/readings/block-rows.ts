import type { KnownMeter } from './directory.js';
import { FieldWriter, rowSize } from './row-fields.js';
import type { DaySeries } from './series.js';

const HEADER = 20;
const FIELDS_A_ROW = 10;
/** Enough for a full chunk and what one more piece of a body brings. */
const FIRST_CAPACITY = 1_310_720;

/**
 * Day blocks as one parameter: a `metering.incoming_block[]` in PostgreSQL's binary form. Written straight from the
 * settled series; as text the server would spend as long on reading the numbers as on storing them.
 */
export class BlockRows {
  readonly #writer = new FieldWriter(Buffer.allocUnsafe(FIRST_CAPACITY));
  /** Where each row begins, and where the last one ends. */
  readonly #starts = [HEADER];

  constructor() {
    this.#writer.at = HEADER;
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  get size(): number {
    return this.#writer.at;
  }

  clear(): void {
    this.#starts.length = 1;
    this.#writer.at = HEADER;
  }

  /** @param marks which values have findings, one bit each; see the judging. */
  add(meter: KnownMeter, day: number, interval: number, series: DaySeries, marks: Uint8Array): void {
    const writer = this.#writer;
    this.#reserve(rowSize(series.length) + meter.fields.length);
    const start = writer.at;
    writer.at += 4;
    writer.int32(FIELDS_A_ROW);
    writer.date(day);
    writer.copy(meter.fields);
    writer.int2(interval);
    writer.int2(series.scale);
    writer.int8Array(series);
    writer.int8(series.total);
    writer.int2(series.present);
    writer.bytea(marks);
    writer.int32At(start, writer.at - start - 4);
    this.#starts.push(writer.at);
  }

  /**
   * Rows `from` to before `to` as an array parameter. It shares memory with these rows where it can: send it before
   * more rows are added.
   *
   * @param elementType the number that the database gave to the type `metering.incoming_block`.
   */
  parameter(elementType: number, from: number, to: number): Buffer {
    const { bytes } = this.#writer;
    const start = this.#starts[from]! - HEADER;
    const parameter =
      from === 0 ? bytes.subarray(0, this.#starts[to]) : Buffer.from(bytes.subarray(start, this.#starts[to]));
    parameter.writeInt32BE(1, 0);
    parameter.writeInt32BE(0, 4);
    parameter.writeUInt32BE(elementType, 8);
    parameter.writeInt32BE(to - from, 12);
    parameter.writeInt32BE(1, 16);
    return parameter;
  }

  #reserve(size: number): void {
    const { bytes, at } = this.#writer;
    if (at + size <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + size));
    bytes.copy(larger, 0, 0, at);
    this.#writer.move(larger);
  }
}
