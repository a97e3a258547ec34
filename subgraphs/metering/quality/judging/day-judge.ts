import type { ClockShift } from '../../readings/calendar.js';
import { bigDecimalText } from '../../readings/decimal-text.js';
import type { DaySeries } from '../../readings/series.js';
import type { Bounds } from './bounds.js';

/** Rules that judge a day as it is taken in. */
export type IngestRule =
  | 'NEGATIVE'
  | 'STUCK'
  | 'JUMP'
  | 'OVER_PHYSICAL_LIMIT'
  | 'ZERO_RUN'
  | 'ROLLOVER'
  | 'CLOCK_DRIFT'
  | 'DST_GAP'
  | 'DST_DUPLICATE'
  | 'MISDATED_MIDNIGHT'
  | 'LATE';

/** What one rule found in one day. */
export interface Found {
  rule: IngestRule;
  /** Intervals, from 0; null for the day as a whole. */
  first: number | null;
  last: number | null;
  evidence: Record<string, string>;
}

/** What is known of a day beside its values. */
export interface DayFacts {
  interval: number;
  /** Where the clock of the meter is put forward or back on this day. */
  shift: ClockShift | null;
  /** Intervals whose time stood beside the grid, and by how many seconds at most. */
  drifted?: { slots: readonly number[]; seconds: number } | undefined;
  /** The interval whose closing time bore the date of the day itself. */
  misdated?: readonly number[] | undefined;
  /** Intervals at whose end the register had gone past its last digit. */
  rolledOver?: readonly number[] | undefined;
  /** Hours between the end of the day and its coming, when that is past the deadline. */
  lateHours?: number | undefined;
}

export interface Judged {
  found: Found[];
  /** One bit a value, the first the lowest of the first byte; empty where no value has a finding. */
  marks: Uint8Array;
  /** Whether a run that began the day before, or goes on the day after, may be a finding together with this day. */
  hasEdge: boolean;
}

const UNMARKED = new Uint8Array(0);
/** Of many values these are told; the marks of the day tell them all. */
const MOST_TOLD = 24;
const CLEAN: Judged = { found: [], marks: UNMARKED, hasEdge: false };

/** Judges the settled values of one day. Most days are clean, and those are read once and leave nothing behind. */
export function judgeValues(series: DaySeries, bounds: Bounds, facts: DayFacts): Judged {
  const { interval, shift, drifted, misdated, rolledOver, lateHours } = facts;
  const hasShift = shift !== null && interval < 1440;
  const hasEdge = hasLongEdge(series, bounds);
  if (!hasShift && !drifted && !misdated && !rolledOver && lateHours === undefined && isClean(series, bounds))
    return hasEdge ? { ...CLEAN, hasEdge } : CLEAN;
  const findings = new Findings(series);
  judgeEach(series, bounds, findings);
  judgeRuns(series, bounds, findings);
  if (hasShift) judgeShift(series, interval, shift, findings);
  if (drifted) findings.add('CLOCK_DRIFT', drifted.slots, { seconds: String(drifted.seconds) });
  if (misdated) findings.add('MISDATED_MIDNIGHT', misdated, findings.at(misdated, interval));
  if (rolledOver) findings.add('ROLLOVER', rolledOver, findings.at(rolledOver, interval));
  if (lateHours !== undefined) findings.ofDay('LATE', { hours: String(lateHours) });
  return findings.judged(hasEdge);
}

/**
 * Whether half a run stands at the beginning or at the end of the day, or nothing but one value all day. A run over one
 * midnight has half of its values on one side, and one over several has a whole day: so one day of every run is told.
 */
function hasLongEdge({ values, length }: DaySeries, { stuck, zeros }: Bounds): boolean {
  const half = (value: number): number => (value === 0 ? zeros : stuck) / 2;
  let head = 0;
  while (head < length && values[head] === values[0]) head++;
  if (head > 0 && (head === length || head >= half(values[0]!))) return true;
  let tail = 0;
  while (tail < length && values[length - 1 - tail] === values[length - 1]) tail++;
  return tail > 0 && tail >= half(values[length - 1]!);
}

function isClean({ values, length }: DaySeries, { lowest, physical, usual, stuck, zeros }: Bounds): boolean {
  const highest = physical < usual ? physical : usual;
  const longest = stuck < zeros ? stuck : zeros;
  let run = 1;
  let last = Number.NaN;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    if (value < lowest || value > highest) return false;
    run = value === last ? run + 1 : 1;
    if (run >= longest && value === value) return false;
    last = value;
  }
  return true;
}

function judgeEach({ values, length }: DaySeries, bounds: Bounds, findings: Findings): void {
  const below: number[] = [];
  const beyond: number[] = [];
  const jumped: number[] = [];
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    if (value < bounds.lowest) below.push(index);
    if (value > bounds.physical) beyond.push(index);
    if (value > bounds.usual) jumped.push(index);
  }
  findings.add('NEGATIVE', below, findings.worst(below, bounds.lowest, Math.min));
  findings.add('OVER_PHYSICAL_LIMIT', beyond, findings.worst(beyond, bounds.physical, Math.max));
  findings.add('JUMP', jumped, findings.worst(jumped, bounds.usual, Math.max));
}

function judgeRuns({ values, length }: DaySeries, bounds: Bounds, findings: Findings): void {
  const stuck: number[] = [];
  const zeros: number[] = [];
  let longest = 0;
  let stuckAt = Number.NaN;
  for (let start = 0; start < length;) {
    const value = values[start]!;
    let end = start + 1;
    while (end < length && values[end] === value) end++;
    const run = end - start;
    const isLong = value === 0 ? run >= bounds.zeros : value === value && run >= bounds.stuck;
    const places = isLong ? Array.from({ length: run }, (_, place) => start + place) : [];
    if (value === 0) zeros.push(...places);
    else {
      stuck.push(...places);
      if (isLong && run > longest) [longest, stuckAt] = [run, value];
    }
    start = end;
  }
  findings.add('STUCK', stuck, {
    value: findings.text(stuckAt),
    longest: String(longest),
    bound: String(bounds.stuck),
  });
  findings.add('ZERO_RUN', zeros, { bound: String(bounds.zeros) });
}

function judgeShift(series: DaySeries, interval: number, shift: ClockShift, findings: Findings): void {
  const places: number[] = [];
  const end = Math.min(series.length, Math.ceil(shift.until / interval));
  for (let slot = Math.max(0, Math.floor(shift.from / interval)); slot < end; slot++)
    if (!Number.isNaN(series.values[slot])) places.push(slot);
  findings.add(shift.isGap ? 'DST_GAP' : 'DST_DUPLICATE', places, {
    fromMinute: String(shift.from),
    untilMinute: String(shift.until),
  });
}

/** Gathers what is found in one day. */
class Findings {
  readonly #series: DaySeries;
  readonly #found: Found[] = [];
  #marks: Uint8Array = UNMARKED;

  constructor(series: DaySeries) {
    this.#series = series;
  }

  add(rule: IngestRule, places: readonly number[], evidence: Record<string, string>): void {
    if (places.length === 0) return;
    if (this.#marks.length === 0) this.#marks = new Uint8Array(Math.ceil(this.#series.length / 8));
    for (const place of places) this.#marks[place >> 3]! |= 1 << (place & 7);
    this.#found.push({
      rule,
      first: places.reduce((one, other) => Math.min(one, other)),
      last: places.reduce((one, other) => Math.max(one, other)),
      evidence: { count: String(places.length), ...evidence },
    });
  }

  ofDay(rule: IngestRule, evidence: Record<string, string>): void {
    this.#found.push({ rule, first: null, last: null, evidence });
  }

  /** A bound is told at the scale of the day: what lies between is no value that the day could have. */
  worst(
    places: readonly number[],
    bound: number,
    worse: (one: number, other: number) => number,
  ): Record<string, string> {
    if (places.length === 0) return {};
    const value = places
      .map((place) => this.#series.values[place]!)
      .reduce((one, other) => worse(one, other));
    return { value: this.text(value), bound: this.text(bound) };
  }

  /** When values end, by the clock of the day, and what they are: the first of many. */
  at(places: readonly number[], interval: number): Record<string, string> {
    const told = places.toSorted((one, other) => one - other).slice(0, MOST_TOLD);
    return {
      until: told.map((place) => clockOf((place + 1) * interval)).join(' '),
      values: told.map((place) => this.text(this.#series.values[place]!)).join(' '),
    };
  }

  text(scaled: number): string {
    return Number.isNaN(scaled) ? '' : bigDecimalText(BigInt(scaled), this.#series.scale);
  }

  judged(hasEdge: boolean): Judged {
    return { found: this.#found, marks: this.#marks, hasEdge };
  }
}

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
