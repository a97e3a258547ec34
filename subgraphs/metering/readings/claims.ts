import { dayOfMonth, MINUTES_A_DAY, monthOf } from './calendar.js';

/** What one upload has given for one meter in one month. */
interface MonthOfClaims {
  /** A bit a day given whole. */
  whole: number;
  /** A bit a day of which single readings were given. */
  touched: number;
  /** A bit an interval of the month; made with the first single reading. */
  slots: Uint8Array | undefined;
}

/**
 * Which days and readings of one meter an upload has given already: bits, so that a year of quarter-hours costs 4.5 KB
 * and memory does not grow with what the lines say.
 */
export class Claims {
  readonly #slotsADay: number;
  /** The month of the last claim: most uploads have one, or go through them in their order. */
  #number = -1;
  #last: MonthOfClaims | undefined;
  /** The months before that. */
  #months: Map<number, MonthOfClaims> | undefined;

  constructor(intervalMinutes: number) {
    this.#slotsADay = MINUTES_A_DAY / intervalMinutes;
  }

  /** False when the day, or a part of it, was given before. */
  claimDay(day: number): boolean {
    const number = monthOf(day);
    const month = this.#month(number);
    const bit = 1 << dayOfMonth(day, number);
    if (((month.whole | month.touched) & bit) !== 0) return false;
    month.whole |= bit;
    return true;
  }

  /** False when the interval was given before, alone or with its whole day. */
  claimReading(day: number, slot: number): boolean {
    const number = monthOf(day);
    const month = this.#month(number);
    const place = dayOfMonth(day, number);
    if ((month.whole & (1 << place)) !== 0) return false;
    month.slots ??= new Uint8Array(Math.ceil((31 * this.#slotsADay) / 8));
    const index = place * this.#slotsADay + slot;
    const bit = 1 << (index & 7);
    if ((month.slots[index >> 3]! & bit) !== 0) return false;
    month.slots[index >> 3]! |= bit;
    month.touched |= 1 << place;
    return true;
  }

  #month(number: number): MonthOfClaims {
    if (this.#last && number === this.#number) return this.#last;
    if (this.#last) (this.#months ??= new Map()).set(this.#number, this.#last);
    const month = this.#months?.get(number) ?? { whole: 0, touched: 0, slots: undefined };
    this.#number = number;
    return (this.#last = month);
  }
}
