import type { DateOrder, Stamps } from '../../../subgraphs/metering/formats/wide/row-clock.js';
import { fault } from '../failure.js';
import { MeterClock } from './meter-clock.js';
import { asJson, type NumeralCount } from './numerals.js';

const MINUTES_A_DAY = 1440;
const MISSING = 'null';

/** A column of the file and the meter that it is of. */
export interface GridColumn {
  index: number;
  meter: string;
}

export interface GridOptions {
  timeZone: string;
  fileZone: string | undefined;
  dates: DateOrder;
  stamps: Stamps;
  interval: number;
  /** First and last day to take, on the meters' clock. */
  from: string | undefined;
  to: string | undefined;
  /** Cells that mean missing, beside the empty one. */
  missing: ReadonlySet<string>;
  round: number | undefined;
}

/** Gathers the rows of one day of all meters that have one clock and one interval; holds no more than that day. */
export class DayGrid {
  readonly #options: GridOptions;
  readonly #columns: GridColumn[];
  readonly #clock: MeterClock;
  readonly #count: NumeralCount;
  readonly #slots: number;
  /** Of each column, one JSON text a slot. */
  readonly #values: string[][];
  readonly #finished = new Set<string>();
  /** Readings at a time that had one already: sent singly, so that the hub quarantines what it cannot keep. */
  #repeated: string[] = [];
  #taken: boolean[] = [];
  /** Of the open day, the intervals whose row bore the wrong date. */
  #misdated: number[] = [];
  #date = '';

  constructor(columns: GridColumn[], options: GridOptions, count: NumeralCount) {
    this.#options = options;
    this.#columns = columns;
    const { timeZone, fileZone, dates, stamps, interval } = options;
    this.#clock = new MeterClock(timeZone, fileZone, dates, stamps === 'end' ? interval : 0);
    this.#count = count;
    this.#slots = MINUTES_A_DAY / options.interval;
    if (!Number.isInteger(this.#slots))
      throw fault('USAGE', `A day cannot be cut into intervals of ${options.interval} minutes.`);
    this.#values = columns.map(() => []);
  }

  /** Takes one row; answers the lines of the day before when this row begins another, and whether it was moved. */
  take(cells: string[], row: number): { lines: string[]; isMisdated: boolean } {
    const stamp = cells[0] ?? '';
    const place = this.#clock.place(stamp);
    if (!place)
      throw fault(
        'FILE_UNUSABLE',
        `Row ${row}: "${stamp}" is no time with whole minutes in the order ${this.#options.dates}.`,
      );
    const { date, minute, isMisdated } = place;
    if (!this.#isWanted(date)) return { lines: [], isMisdated: false };
    const lines = date === this.#date ? [] : this.#begin(date, row);
    const slot = minute / this.#options.interval;
    if (!Number.isInteger(slot)) {
      throw fault(
        'FILE_UNUSABLE',
        `Row ${row}: "${stamp}" is no start of a ${this.#options.interval}-minute interval.`,
      );
    }
    if (this.#taken[slot]) this.#repeat(cells, place);
    else this.#fill(cells, slot);
    if (isMisdated) this.#misdated.push(slot);
    return { lines, isMisdated };
  }

  /** The lines of the day that is open: one for each meter that has a value. */
  flush(): string[] {
    const head = `,"date":"${this.#date}","interval":${this.#options.interval},"values":[`;
    const tail = this.#misdated.length > 0 ? `],"misdated":[${this.#misdated.join(',')}]}\n` : ']}\n';
    const lines: string[] = [];
    for (const [position, { meter }] of this.#columns.entries()) {
      const values = this.#values[position] ?? [];
      if (values.every((value) => value === MISSING)) continue;
      lines.push(`{"meter":${JSON.stringify(meter)}${head}${values.join(',')}${tail}`);
    }
    lines.push(...this.#repeated);
    this.#repeated = [];
    this.#misdated = [];
    this.#date = '';
    for (const values of this.#values) values.length = 0;
    return lines;
  }

  #isWanted(date: string): boolean {
    const { from, to } = this.#options;
    return (from === undefined || date >= from) && (to === undefined || date <= to);
  }

  #begin(date: string, row: number): string[] {
    if (this.#finished.has(date)) {
      throw fault('FILE_UNUSABLE', `Row ${row} goes back to ${date}: sort the rows by time, day by day.`);
    }
    const lines = this.flush();
    this.#finished.add(date);
    this.#date = date;
    this.#taken = Array.from({ length: this.#slots }, () => false);
    for (const values of this.#values) for (let slot = 0; slot < this.#slots; slot += 1) values.push(MISSING);
    return lines;
  }

  #fill(cells: string[], slot: number): void {
    this.#taken[slot] = true;
    for (const [position, { index }] of this.#columns.entries()) {
      const values = this.#values[position];
      if (values) values[slot] = this.#json(cells[index] ?? '');
    }
  }

  #repeat(cells: string[], { date, minute }: { date: string; minute: number }): void {
    const clock = [Math.floor(minute / 60), minute % 60]
      .map((part) => String(part).padStart(2, '0'))
      .join(':');
    for (const { index, meter } of this.#columns) {
      const value = this.#json(cells[index] ?? '');
      if (value === MISSING) continue;
      this.#repeated.push(`{"meter":${JSON.stringify(meter)},"time":"${date}T${clock}","value":${value}}\n`);
    }
  }

  #json(cell: string): string {
    const text = cell.trim();
    if (text === '' || this.#options.missing.has(text)) return MISSING;
    return asJson(text, this.#options.round, this.#count);
  }
}
