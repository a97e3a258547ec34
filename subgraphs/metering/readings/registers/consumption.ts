import { POWERS_OF_TEN } from '../decimals.js';

/** Registers and consumption are integers here: millionths of the meter's unit. */
export const MILLIONTHS = 1_000_000n;

/** A reading of the counter. */
export interface Reading {
  /** Minutes since 2000-01-01 on the meter's own clock. */
  at: number;
  register: bigint;
}

/** An appliance with a counter. */
export interface Counter {
  /** First and last minute at which it stands there; the last one is the next one's. */
  from: number;
  until: number;
  first: bigint | null;
  last: bigint | null;
  /** Digits before the point; null when unknown, and then it is not known to begin again at 0. */
  digits: number | null;
  /** In millionths. */
  multiplier: bigint;
}

/** Why two readings do not follow each other. */
export type Contradiction = 'BACKWARDS' | 'NO_DEVICE' | 'INEXACT' | 'TOO_LARGE';

/** What was used between two readings; null where nobody can know it. */
export type Step = { used: bigint | null } | { contradiction: Contradiction };

const UNKNOWN: Step = { used: null };

/** Registers and what was used between two stay below: a day of them is kept exactly whatever their decimals are. */
export const LARGEST = 10n ** 9n * MILLIONTHS;

export function millionths(mantissa: number, decimals: number): bigint {
  return BigInt(mantissa) * BigInt(POWERS_OF_TEN[6 - decimals]!);
}

/**
 * What was used from one reading to the next, over changes of the appliance: the rest of the old one, all of those
 * between, the beginning of the new one. Without a reading before, from the register at which its device was installed.
 */
export function stepBetween(before: Reading | null, after: Reading, counters: readonly Counter[]): Step {
  const to = standingAt(after.at, counters);
  if (to < 0) return { contradiction: 'NO_DEVICE' };
  const from = before ? standingAt(before.at, counters) : to;
  if (from < 0 || from > to) return UNKNOWN;
  let sum = 0n;
  for (let place = from; place <= to; place++) {
    const counter = counters[place]!;
    const start = place === from && before ? before.register : counter.first;
    const end = place === to ? after.register : counter.last;
    if (start === null || end === null) return UNKNOWN;
    const run = runOf(start, end, counter.digits);
    if (run === null) return { contradiction: 'BACKWARDS' };
    sum += run * counter.multiplier;
  }
  if (sum % MILLIONTHS !== 0n) return { contradiction: 'INEXACT' };
  const used = sum / MILLIONTHS;
  return used < LARGEST ? { used } : { contradiction: 'TOO_LARGE' };
}

function standingAt(at: number, counters: readonly Counter[]): number {
  return counters.findIndex(({ from, until }) => from <= at && at < until);
}

/**
 * How far a counter ran. One that shows less than before began again at 0 when that makes at most half of its range:
 * more cannot be told from running backwards, and so nor can more than half of the range forwards.
 */
function runOf(start: bigint, end: bigint, digits: number | null): bigint | null {
  const run = end - start;
  if (digits === null) return run < 0n ? null : run;
  const range = 10n ** BigInt(digits) * MILLIONTHS;
  const forward = run < 0n ? run + range : run;
  return forward >= 0n && forward * 2n <= range ? forward : null;
}

/** A day of readings: each at the end of its interval, null where none was taken. */
export interface RegisterDay {
  /** Since 2000-01-01. */
  day: number;
  interval: number;
  registers: (bigint | null)[];
}

/** The readings of a day in the order of time. */
export function readingsOf({ day, interval, registers }: RegisterDay): Reading[] {
  return registers.flatMap((register, slot) =>
    register === null ? [] : [{ at: readAt(day, interval, slot), register }],
  );
}

/** The end of an interval. */
export function readAt(day: number, interval: number, slot: number): number {
  return day * 1440 + (slot + 1) * interval;
}

/**
 * What was used in each interval of a day. An interval without a reading at its end has null; the next one with a
 * reading holds what was used since the reading before, whole: the sum is right, and where it lies is in the registers.
 * What contradicts itself is null too.
 */
export function consumptionOf(
  day: RegisterDay,
  before: Reading | null,
  counters: readonly Counter[],
): (bigint | null)[] {
  let last = before;
  return day.registers.map((register, slot) => {
    if (register === null) return null;
    const reading = { at: readAt(day.day, day.interval, slot), register };
    const step = stepBetween(last, reading, counters);
    last = reading;
    return 'used' in step ? step.used : null;
  });
}
