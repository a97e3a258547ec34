import { dateText, MINUTES_A_DAY, Zone } from '../../../subgraphs/metering/readings/calendar.js';
import { type DateOrder, RowClock } from '../../../subgraphs/metering/formats/wide/row-clock.js';
import { fault } from '../failure.js';

/** Where a row belongs on the clock of its meters. */
export interface Place {
  /** YYYY-MM-DD */
  date: string;
  /** Of that day, from local midnight. */
  minute: number;
  /** Whether the row closes a day and bears that day's date, so that it stands a day later than written. */
  isMisdated: boolean;
}

/** Puts the time stamps of a file on the clock of meters in one zone. */
export class MeterClock {
  readonly #meters: Zone;
  readonly #rows: RowClock;
  /** Minutes from the beginning of an interval to its stamp. */
  readonly #late: number;

  /** @throws Failure USAGE for a zone that nobody knows. */
  constructor(meterZone: string, fileZone: string | undefined, order: DateOrder, late: number) {
    this.#meters = zone(meterZone);
    this.#rows = new RowClock(
      order,
      fileZone === undefined || fileZone === meterZone ? undefined : zone(fileZone),
    );
    this.#late = late;
  }

  /** undefined where the text is no time, or not one of whole minutes. */
  place(stamp: string): Place | undefined {
    const time = this.#rows.read(stamp.trim());
    if (!time) return undefined;
    const local = (time.isUtc ? this.#meters.local(time.minutes) : time.minutes) - this.#late;
    const day = Math.floor(local / MINUTES_A_DAY);
    return { date: dateText(day), minute: local - day * MINUTES_A_DAY, isMisdated: time.isMisdated };
  }
}

function zone(name: string): Zone {
  try {
    return new Zone(name);
  } catch (error) {
    throw fault('USAGE', `"${name}" is no time zone; write e.g. Asia/Shanghai.`, error);
  }
}
