import { MINUTES_A_DAY } from './calendar.js';
import { LARGEST_SCALED, POWERS_OF_TEN, type Decimal } from './decimals.js';

/** Intervals of a day block, in minutes. */
export const INTERVALS: readonly number[] = [1, 5, 10, 15, 30, 60, MINUTES_A_DAY];

/** The day's total is a bigint; this keeps every sum of a day below it. */
const LARGEST_TOTAL = 9e18;

/**
 * The values of one day in the order of their intervals; `NaN` is missing. Filled as written, then settled: from then
 * on `values` are integers at the smallest scale that holds them all exactly, so that equal days are equal rows.
 */
export class DaySeries {
  /** As written: mantissas. Settled: integers at `scale`. */
  readonly values: Float64Array;
  readonly decimals: Uint8Array;
  length = 0;
  scale = 0;
  /** How many are not missing. */
  present = 0;
  /** The sum at `scale`; a double where it is exact. */
  total: number | bigint = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.decimals = new Uint8Array(capacity);
  }

  /** Keeps counting past the capacity, so that a line with too many values can say how many it had. */
  push(value: Decimal | null): void {
    if (this.length < this.values.length) {
      this.values[this.length] = value ? value.mantissa : Number.NaN;
      this.decimals[this.length] = value ? value.decimals : 0;
    }
    this.length++;
  }

  /** Brings all values to one scale and sums them; false when one, or the sum, is too large for that. */
  settle(): boolean {
    const { values, decimals, length } = this;
    let scale = 0;
    for (let index = 0; index < length; index++) if (decimals[index]! > scale) scale = decimals[index]!;
    let largest = 0;
    let sum = 0;
    let present = 0;
    for (let index = 0; index < length; index++) {
      const value = values[index]!;
      if (value !== value) continue;
      const scaled = value * POWERS_OF_TEN[scale - decimals[index]!]!;
      values[index] = scaled;
      decimals[index] = scale;
      if (scaled > largest) largest = scaled;
      else if (-scaled > largest) largest = -scaled;
      sum += scaled;
      present++;
    }
    this.scale = scale;
    this.present = present;
    if (largest > LARGEST_SCALED || largest * length > LARGEST_TOTAL) return false;
    this.total = largest * length <= LARGEST_SCALED ? sum : this.#exactTotal();
    return true;
  }

  #exactTotal(): bigint {
    let total = 0n;
    for (const value of this.values.subarray(0, this.length)) if (value === value) total += BigInt(value);
    return total;
  }
}
