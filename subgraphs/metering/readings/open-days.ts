import { MINUTES_A_DAY } from './calendar.js';
import { LARGEST_SCALED, POWERS_OF_TEN } from './decimals.js';
import type { KnownMeter } from './directory.js';
import { fault, type Fault } from './reasons.js';
import type { DaySeries } from './series.js';

/** Values held before days are written: 18 MB. A city's day of quarter-hours in order of time fits. */
const MOST_VALUES = 2_000_000;
const NOT_GIVEN = 255;
const LARGEST_TOTAL = 9e18;

/** What the database holds of a day already. */
export interface StoredDay {
  interval: number;
  scale: number;
  /** Largest amount of a stored value, at `scale`. */
  largest: number;
  isWritable: boolean;
}

/** How the lines of a day turned out. */
export interface DayOutcome {
  accepted: number;
  unchanged: number;
  corrected: number;
}

/** Single readings of one meter's day, gathered until they are written together. */
export class OpenDay {
  readonly meter: KnownMeter;
  readonly day: number;
  /** Of the stored day, when there is one that does not fit. */
  readonly fault: Fault | null;
  given = 0;
  /** Intervals whose times stood beside the grid, and the most seconds of them. */
  drifted: { slots: number[]; seconds: number } | undefined;
  /** Intervals whose times bore the wrong date. */
  misdated: number[] | undefined;
  readonly #mantissas: Float64Array;
  readonly #decimals: Uint8Array;
  #scale: number;
  /** At `#scale`. */
  #largest: number;

  constructor(meter: KnownMeter, day: number, stored: StoredDay | undefined) {
    const slots = MINUTES_A_DAY / meter.interval;
    this.meter = meter;
    this.day = day;
    this.fault = stored ? faultOf(meter, stored) : null;
    this.#mantissas = new Float64Array(slots);
    this.#decimals = new Uint8Array(slots).fill(NOT_GIVEN);
    this.#scale = stored?.scale ?? 0;
    this.#largest = stored?.largest ?? 0;
  }

  get slots(): number {
    return this.#mantissas.length;
  }

  /** Whether one scale holds this value exactly beside the day's others. */
  fits(mantissa: number, decimals: number): boolean {
    if (mantissa !== mantissa) return true;
    const largest = this.#largestWith(mantissa, decimals);
    return largest <= LARGEST_SCALED && largest <= LARGEST_TOTAL / this.slots;
  }

  /** NaN says that the value is missing. */
  set(slot: number, mantissa: number, decimals: number): void {
    this.#mantissas[slot] = mantissa;
    this.#decimals[slot] = decimals;
    this.given++;
    if (mantissa !== mantissa) return;
    this.#largest = this.#largestWith(mantissa, decimals);
    this.#scale = Math.max(this.#scale, decimals);
  }

  drift(slot: number, seconds: number): void {
    this.drifted ??= { slots: [], seconds: 0 };
    this.drifted.slots.push(slot);
    this.drifted.seconds = Math.max(this.drifted.seconds, seconds);
  }

  misdate(slot: number): void {
    (this.misdated ??= []).push(slot);
  }

  /** The largest amount of the day with one more value, at the scale that it would have then. */
  #largestWith(mantissa: number, decimals: number): number {
    const scale = Math.max(this.#scale, decimals);
    const before = this.#largest * POWERS_OF_TEN[scale - this.#scale]!;
    return Math.max(before, Math.abs(mantissa) * POWERS_OF_TEN[scale - decimals]!);
  }

  /** Lays the given values over the stored ones and counts what that changes. Without stored ones all are new. */
  layOver(series: DaySeries, stored: { values: number[]; scale: number } | null): DayOutcome {
    const outcome = { accepted: 0, unchanged: 0, corrected: 0 };
    series.length = this.slots;
    for (let slot = 0; slot < this.slots; slot++) {
      const before = stored ? stored.values[slot]! : Number.NaN;
      const decimals = this.#decimals[slot]!;
      const isGiven = decimals !== NOT_GIVEN;
      series.values[slot] = isGiven ? this.#mantissas[slot]! : before;
      series.decimals[slot] = isGiven ? decimals : (stored?.scale ?? 0);
      if (isGiven) outcome[this.#compared(slot, before, stored)]++;
    }
    return outcome;
  }

  #compared(slot: number, before: number, stored: { scale: number } | null): keyof DayOutcome {
    const value = this.#mantissas[slot]!;
    if (!stored) return 'accepted';
    if (before !== before) return value !== value ? 'unchanged' : 'accepted';
    const shift = stored.scale - this.#decimals[slot]!;
    const isSame = shift >= 0 && before === value * POWERS_OF_TEN[shift]!;
    return isSame ? 'unchanged' : 'corrected';
  }
}

function faultOf(meter: KnownMeter, stored: StoredDay): Fault | null {
  if (!stored.isWritable)
    return fault('FOREIGN_METER', 'the stored day belongs to an owner outside your reach');
  if (stored.interval === meter.interval) return null;
  const detail = `the day is stored at ${stored.interval} minutes, the meter is registered at ${meter.interval}`;
  return fault('WRONG_INTERVAL_COUNT', detail);
}

/** The days that gather readings, oldest first; bounded by the values they hold. */
export class OpenDays {
  readonly #days = new Set<OpenDay>();
  #values = 0;

  get isFull(): boolean {
    return this.#values >= MOST_VALUES;
  }

  open(day: OpenDay): void {
    this.#days.add(day);
    this.#values += day.slots;
    (day.meter.openDays ??= new Map()).set(day.day, day);
  }

  /** Closes the oldest days, as many as hold `share` of the values: the latest are likely still being filled. */
  close(share: number): OpenDay[] {
    const rest = this.#values * (1 - share);
    const closed: OpenDay[] = [];
    for (const day of this.#days) {
      if (this.#values <= rest) break;
      this.#days.delete(day);
      this.#values -= day.slots;
      day.meter.openDays?.delete(day.day);
      if (day.given > 0) closed.push(day);
    }
    return closed;
  }
}
