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
  readonly #months = new Map<number, MonthOfClaims>();

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
    let month = this.#months.get(number);
    if (!month) this.#months.set(number, (month = { whole: 0, touched: 0, slots: undefined }));
    return month;
  }
}
