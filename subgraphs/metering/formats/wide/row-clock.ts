import { Zone } from '../../readings/calendar.js';
import { readTime, writtenMinutes, type WrittenTime } from '../../readings/instant.js';

/** In which order a file writes year, month and day. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Whether a row's time is when its interval begins, or when it ends. */
export const STAMPS = ['start', 'end'] as const;
export type Stamps = (typeof STAMPS)[number];

/** When a row is of, in minutes since 2000-01-01T00:00, of UTC or of the meter's own clock. */
export interface RowTime {
  minutes: number;
  isUtc: boolean;
  /** It closes a day and bore that day's date: read as written it would run backwards. */
  isMisdated: boolean;
}

const MINUTES_A_DAY = 1440;

const LOOSE = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[ T](\d{1,2}):(\d\d)(.*)$/;

/** Reads the time stamps of one file. */
export class RowClock {
  readonly #order: DateOrder;
  /** Of stamps without an offset; undefined where it is the meters' own. */
  readonly #zone: Zone | undefined;
  /** The row before, as it was written, and how far it stood from the one before it. */
  #last = Number.NaN;
  #step = Number.NaN;
  readonly #time: WrittenTime = { day: 0, minute: 0, isWholeMinute: true, second: 0, offset: null };

  constructor(order: DateOrder = 'ymd', zone?: Zone) {
    this.#order = order;
    this.#zone = zone;
  }

  /** undefined where the text is no time, or not one of whole minutes. */
  read(stamp: string): RowTime | undefined {
    const bytes = Buffer.from(padded(stamp, this.#order));
    const time = this.#time;
    if (!readTime(bytes, 0, bytes.length, time) || !time.isWholeMinute) return undefined;
    const written = writtenMinutes(time);
    if (time.offset !== null) return { minutes: written - time.offset, isUtc: true, isMisdated: false };
    const isMisdated = this.#isMisdated(written);
    const minutes = isMisdated ? written + MINUTES_A_DAY : written;
    this.#step = minutes - this.#last;
    this.#last = minutes;
    const isUtc = this.#zone !== undefined;
    return { minutes: this.#zone ? utcOf(minutes, this.#zone) : minutes, isUtc, isMisdated };
  }

  /** Midnight with the date of the row before, where the next step would end the day. */
  #isMisdated(written: number): boolean {
    return (
      written % MINUTES_A_DAY === 0 && this.#step > 0 && written + MINUTES_A_DAY === this.#last + this.#step
    );
  }
}

/** The instant at which a zone's clock shows this; of two, where the clock is put back, one; of none, a near one. */
function utcOf(written: number, clock: Zone): number {
  const near = written - (clock.local(written) - written);
  return written - (clock.local(near) - near);
}

/** `2016/1/1 0:00`, as spreadsheets write it, or `01/02/2018 00:15` by its order, in the form that the hub reads. */
function padded(stamp: string, order: DateOrder): string {
  const match = LOOSE.exec(stamp);
  if (!match) return stamp;
  const [, first = '', second = '', third = '', hour = '', minute, rest] = match;
  const [year, month, day] =
    order === 'ymd'
      ? [first, second, third]
      : order === 'dmy'
        ? [third, second, first]
        : [third, first, second];
  const two = (text: string): string => text.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}${rest}`;
}
