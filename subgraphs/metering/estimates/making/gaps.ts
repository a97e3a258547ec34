import { Refusal } from '../../../../gateway/errors.js';
import type { MeterKind } from '../../entities.js';
import { decimalText } from '../../../runtime/decimal.js';

/** A day of a meter as it was measured, in millionths; a day that never came has no version and no values. */
export interface MeasuredDay {
  date: string;
  version: number | null;
  interval: number;
  decimals: number;
  values: (bigint | null)[];
  /** Whether an estimate may be made of the interval: nothing was measured, or the rule of the case rejects it. */
  isOpen: boolean[];
  /** Whether others may be estimated from it: measured, and no rule finds anything. */
  isUsable: boolean[];
  /** Of a counter: whether it was read at the end of the interval. */
  isRead: boolean[];
}

export interface Slot {
  day: MeasuredDay;
  place: number;
}

/** Intervals one after the other that are to be estimated. */
export interface Gap {
  slots: Slot[];
  /** What was used in all of them together, where the counter says so; in millionths. */
  total: bigint | null;
  /** The intervals right before and after, where others may be estimated from them. */
  before: Slot | null;
  after: Slot | null;
}

/** Days one after the other: those asked for, and one on either side. */
export interface Stretch {
  kind: MeterKind;
  before: MeasuredDay;
  asked: MeasuredDay[];
  after: MeasuredDay;
}

/** The gaps of the days asked for, in the order of time. One of the days beside is kept for what lies in between. */
export function gapsOf({ kind, before, asked, after }: Stretch): Gap[] {
  const slots = [before, ...asked, after].flatMap((day) =>
    day.values.map((_, place): Slot => ({ day, place })),
  );
  const runs = kind === 'REGISTER' ? unreadRuns(slots) : openRuns(slots);
  const isAsked = ({ day }: Slot): boolean => day !== before && day !== after;
  // An interval that gathered what was used on days nobody asked for is measured, and stays so.
  const isMissing = ({ day, place }: Slot): boolean => kind === 'INTERVAL' || day.values[place] === null;
  const gaps = runs.filter(({ from, until }) =>
    slots.slice(from, until).some((slot) => isAsked(slot) && isMissing(slot)),
  );
  return gaps.map(({ from, until, isRead }) => {
    const own = slots.slice(from, until);
    if (kind === 'REGISTER') mustLieWithin(own, isRead, before, after);
    const last = own.at(-1)!;
    return {
      slots: own,
      total: kind === 'REGISTER' ? last.day.values[last.place]! : null,
      before: usable(slots[from - 1]),
      after: usable(slots[until]),
    };
  });
}

interface Run {
  from: number;
  /** Not included. */
  until: number;
  /** Whether a counter was read at its end. */
  isRead: boolean;
}

function openRuns(slots: readonly Slot[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < slots.length; from++) {
    if (!isOpen(slots[from]!)) continue;
    let until = from;
    while (until < slots.length && isOpen(slots[until]!)) until++;
    runs.push({ from, until, isRead: false });
    from = until;
  }
  return runs;
}

/**
 * A counter that was not read goes on counting: the interval with the next reading holds all that was used since the
 * reading before. So the gap ends with that interval, and what it holds is the total of all of them. Where it holds
 * nothing, nobody knows the total: another appliance was put in, and where the two stood is not recorded. Where a
 * correction has put a value into the gap, it has said what lies where.
 */
function unreadRuns(slots: readonly Slot[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  slots.forEach(({ day, place }, index) => {
    if (!day.isRead[place]) return;
    const isSettled = slots.slice(from, index).some((slot) => slot.day.values[slot.place] !== null);
    const isGap = index > from || day.values[place] === null;
    if (isGap && !isSettled) runs.push({ from, until: index + 1, isRead: true });
    from = index + 1;
  });
  if (from < slots.length) runs.push({ from, until: slots.length, isRead: false });
  return runs;
}

/** A part of what one reading counts together cannot be told from the rest. */
function mustLieWithin(
  slots: readonly Slot[],
  isRead: boolean,
  before: MeasuredDay,
  after: MeasuredDay,
): void {
  const [first, last] = [slots[0]!.day, slots.at(-1)!.day];
  if (first === before)
    throw new Refusal('BAD_USER_INPUT', {
      message: `The counter was last read on ${before.date} or earlier: its next reading counts all since.`,
      remedy: 'Begin with the day of the last reading before the gap.',
    });
  if (!isRead || last === after)
    throw new Refusal('BAD_USER_INPUT', {
      message: `The counter was not read again by the end of the last day: the next reading will count all since ${first.date}.`,
      remedy: 'End with the day on which it was read again; what is not read yet waits for that reading.',
    });
}

function isOpen({ day, place }: Slot): boolean {
  return day.isOpen[place]!;
}

function usable(slot: Slot | undefined): Slot | null {
  return slot?.day.isUsable[slot.place] ? slot : null;
}

/** `2026-01-05 interval 13`, from 0. */
export function named({ day, place }: Slot): string {
  return `${day.date} interval ${place}`;
}

/** Millionths as people write them. */
export function shown(millionths: bigint): string {
  return decimalText(String(millionths), 6);
}
