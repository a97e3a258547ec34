import type { DemoMeter } from './meters.js';
import { QUARTERS } from './profiles.js';

export const FAULTS = {
  MISSING_DAY: 'no line for the day: the platform never sent it',
  MISSING_INTERVALS: 'quarter-hours without a value',
  STUCK: 'the same value from quarter-hour to quarter-hour',
  ZERO_RUN: 'zeros in hours of use',
  JUMP: 'one value fifty times the usual',
  NEGATIVE: 'a negative value: the meter was connected the wrong way round',
} as const;

export type FaultKind = keyof typeof FAULTS;

export interface DemoFault {
  meter: string;
  date: string;
  kind: FaultKind;
  description: string;
  /** Quarter-hours of the day that are spoilt, from … to - 1. */
  from: number;
  to: number;
}

/** Where a fault falls: which building of the city, which item, how far into the window, which quarter-hours. */
type Plan = [kind: FaultKind, building: number, item: string, at: number, from: number, to: number];

const PLANS: Plan[] = [
  ['MISSING_DAY', 3, '01000', 0.3, 0, QUARTERS],
  ['MISSING_DAY', 38, '01B00', 0.5, 0, QUARTERS],
  ['MISSING_DAY', 38, '01B00', 0.54, 0, QUARTERS],
  ['MISSING_DAY', 38, '01B00', 0.58, 0, QUARTERS],
  ['MISSING_INTERVALS', 7, '01A00', 0.2, 37, 52],
  ['MISSING_INTERVALS', 45, '01000', 0.7, 0, 8],
  ['MISSING_INTERVALS', 20, '02000', 0.95, 60, 61],
  ['STUCK', 12, '01C00', 0.6, 0, QUARTERS],
  ['STUCK', 50, '02000', 0.4, 20, QUARTERS],
  ['ZERO_RUN', 15, '01A00', 0.8, 32, 72],
  ['ZERO_RUN', 56, '01B00', 0.1, 40, 64],
  ['JUMP', 26, '02000', 0.45, 50, 51],
  ['JUMP', 60, '01A00', 0.75, 33, 34],
  ['NEGATIVE', 30, '01C00', 0.65, 44, 45],
];

/** The days 0.5, 0.54 and 0.58 are one outage of three days in a window of thirty; shorter windows merge them. */
export function plannedFaults(
  buildings: readonly string[],
  meters: readonly DemoMeter[],
  dates: string[],
): DemoFault[] {
  const known = new Set(meters.map((meter) => meter.id));
  const faults = new Map<string, DemoFault>();
  for (const [kind, building, item, at, from, to] of PLANS) {
    const meter = `${buildings[building]}-${item}-1`;
    const date = dates[Math.floor(at * dates.length)];
    if (date === undefined || !known.has(meter)) throw new RangeError(`no place for a fault: ${meter} ${at}`);
    faults.set(`${meter}/${date}`, { meter, date, kind, description: FAULTS[kind], from, to });
  }
  return [...faults.values()];
}

/** The day as the faulty meter gives it, in hundredths; null is a day that never comes. */
export function spoil(fault: DemoFault, day: readonly number[]): (number | null)[] | null {
  const inside = (change: (value: number) => number | null) =>
    day.map((value, quarter) => (quarter >= fault.from && quarter < fault.to ? change(value) : value));
  switch (fault.kind) {
    case 'MISSING_DAY':
      return null;
    case 'MISSING_INTERVALS':
      return inside(() => null);
    case 'STUCK':
      return inside(() => day[fault.from] ?? 0);
    case 'ZERO_RUN':
      return inside(() => 0);
    case 'JUMP':
      return inside((value) => value * 50);
    case 'NEGATIVE':
      return inside((value) => -value);
    default:
      throw new RangeError(`unknown fault: ${String(fault.kind)}`);
  }
}
