import { dateText, MINUTES_A_DAY, Zone } from '../../../subgraphs/metering/readings/calendar.js';
import { readTime, writtenMinutes, type WrittenTime } from '../../../subgraphs/metering/readings/instant.js';
import { fault } from '../failure.js';

/** Where a row belongs on the clock of its meters. */
export interface Place {
  /** YYYY-MM-DD */
  date: string;
  /** Of that day, from local midnight. */
  minute: number;
}

const LOOSE = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d\d)(.*)$/;

/** Puts the time stamps of a file on the clock of meters in one zone. */
export class MeterClock {
  readonly #meters: Zone;
  /** That of stamps without an offset; undefined where it is the meters' own. */
  readonly #file: Zone | undefined;
  readonly #time: WrittenTime = { day: 0, minute: 0, isWholeMinute: true, offset: null };

  /** @throws Failure USAGE for a zone that nobody knows. */
  constructor(meterZone: string, fileZone: string | undefined) {
    this.#meters = zone(meterZone);
    this.#file = fileZone === undefined || fileZone === meterZone ? undefined : zone(fileZone);
  }

  /** undefined where the text is no time, or not one of whole minutes. */
  place(stamp: string): Place | undefined {
    const bytes = Buffer.from(padded(stamp.trim()));
    const time = this.#time;
    if (!readTime(bytes, 0, bytes.length, time) || !time.isWholeMinute) return undefined;
    const local = this.#local(writtenMinutes(time), time.offset);
    const day = Math.floor(local / MINUTES_A_DAY);
    return { date: dateText(day), minute: local - day * MINUTES_A_DAY };
  }

  #local(written: number, offset: number | null): number {
    if (offset !== null) return this.#meters.local(written - offset);
    return this.#file ? this.#meters.local(utcOf(written, this.#file)) : written;
  }
}

/** The instant at which a zone's clock shows this; of two, where the clock is put back, one; of none, a near one. */
function utcOf(written: number, clock: Zone): number {
  const near = written - (clock.local(written) - written);
  return written - (clock.local(near) - near);
}

/** `2016/1/1 0:00`, as spreadsheets write it, in the form that the hub reads. */
function padded(stamp: string): string {
  const match = LOOSE.exec(stamp);
  if (!match) return stamp;
  const [, year, month = '', day = '', hour = '', minute, rest] = match;
  const two = (text: string): string => text.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}${rest}`;
}

function zone(name: string): Zone {
  try {
    return new Zone(name);
  } catch (error) {
    throw fault('USAGE', `"${name}" is no time zone; write e.g. Asia/Shanghai.`, error);
  }
}
