import { Refusal } from '../../../../gateway/errors.js';
import { type Gap, gapsOf, type MeasuredDay, named, shown, type Slot, type Stretch } from './gaps.js';
import { make, type Made, type Sources } from './make.js';
import type { EstimateMethod } from './methods.js';
import { apportioned, rounded } from './ratios.js';

/** Estimates of a day, in millionths: one an interval that is not measured. */
export interface EstimatedDay {
  day: MeasuredDay;
  values: (bigint | null)[];
  /** What was measured in the intervals for which an estimate stands in. */
  replaced: (bigint | null)[];
  /** Whether a counter says what the gaps come to, and the estimates do. */
  isBounded: boolean;
  /** Of a counter: the first and last day of the gaps that reach into this one. */
  gapFrom: string | null;
  gapTo: string | null;
  parameters: Record<string, string>;
  madeFrom: { date: string; version: number }[];
}

export interface ToEstimate {
  method: EstimateMethod;
  stretch: Stretch;
  sources: Sources;
  /** Below this no value of the meter may lie, in millionths. */
  least: bigint;
}

/** Places after the point beyond those of what an estimate is made from. */
const FINER = 2;

/**
 * Estimates what is missing of some days.
 *
 * @throws Refusal BAD_USER_INPUT where nothing is missing, too little was measured, or a value would lie below the least.
 */
export function estimate({ method, stretch, sources, least }: ToEstimate): EstimatedDay[] {
  const gaps = gapsOf(stretch);
  if (gaps.length === 0)
    throw new Refusal('BAD_USER_INPUT', {
      message: `Nothing is missing from ${stretch.asked[0]!.date} to ${stretch.asked.at(-1)!.date}.`,
      remedy: 'What was measured is never replaced; ask for days of which values are missing.',
    });
  mustFill(gaps, stretch, sources);
  const days = new Map<MeasuredDay, EstimatedDay>();
  for (const found of gaps) {
    const gap = ofAsked(found, method, stretch);
    const made = make(method, gap, sources);
    const values = settled(method, gap, made);
    gap.slots.forEach((slot, index) => {
      const amount = values[index]!;
      if (!stretch.asked.includes(slot.day) || (method === 'MANUAL' && sources.given(slot) === null)) return;
      if (amount < least)
        throw new Refusal('BAD_USER_INPUT', {
          message: `${named(slot)} would be ${shown(amount)}, below ${shown(least)}, which the rule NEGATIVE allows at least.`,
        });
      const day = days.get(slot.day) ?? blank(slot.day);
      days.set(slot.day, day);
      day.values[slot.place] = amount;
      day.replaced[slot.place] = slot.day.values[slot.place]!;
    });
    for (const day of new Set(gap.slots.map((slot) => slot.day))) note(days.get(day), gap, made, stretch);
  }
  return [...days.values()];
}

/** @throws Refusal BAD_USER_INPUT for a value that is given where nothing is missing. */
function mustFill(gaps: readonly Gap[], { asked }: Stretch, { given }: Sources): void {
  const isOfGap = ({ day, place }: Slot): boolean =>
    gaps.some(({ slots }) => slots.some((slot) => slot.day === day && slot.place === place));
  const slots = asked.flatMap((day) => day.values.map((_, place): Slot => ({ day, place })));
  const beside = slots.find((slot) => given(slot) !== null && !isOfGap(slot));
  if (!beside) return;
  throw new Refusal('BAD_USER_INPUT', {
    message: `values: ${named(beside)} was measured, and what was measured is never replaced.`,
    remedy: 'Give null there; the preview shows the intervals that are missing.',
  });
}

/** Of a gap that reaches beyond the days asked for, only the straight line needs all. */
function ofAsked(gap: Gap, method: EstimateMethod, { asked }: Stretch): Gap {
  return method === 'LINEAR' ? gap : { ...gap, slots: gap.slots.filter(({ day }) => asked.includes(day)) };
}

function settled(method: EstimateMethod, { slots, total }: Gap, { ratios, from }: Made): bigint[] {
  if (method === 'MANUAL') return ratios.map(({ of }) => of);
  const days = total === null ? from : [...from, slots.at(-1)!.day];
  const places = Math.min(6, Math.max(0, ...days.map(({ decimals }) => decimals)) + FINER);
  const step = 10n ** BigInt(6 - places);
  return total === null ? ratios.map((ratio) => rounded(ratio, step)) : apportioned(total, ratios, step);
}

function blank(day: MeasuredDay): EstimatedDay {
  const nothing = (): null[] => day.values.map(() => null);
  return {
    day,
    values: nothing(),
    replaced: nothing(),
    isBounded: true,
    gapFrom: null,
    gapTo: null,
    parameters: {},
    madeFrom: [],
  };
}

/** Parameters are named after the first interval of the gap in the day. */
function note(
  estimated: EstimatedDay | undefined,
  gap: Gap,
  { from, parameters }: Made,
  { kind }: Stretch,
): void {
  if (!estimated) return;
  const first = gap.slots.find(({ day }) => day === estimated.day)!.place;
  for (const [name, value] of Object.entries(parameters(estimated.day)))
    estimated.parameters[`${first}.${name}`] = value;
  if (gap.total === null) estimated.isBounded = false;
  else estimated.parameters[`${first}.counter`] = shown(gap.total);
  if (kind === 'REGISTER') {
    const [start, end] = [gap.slots[0]!.day.date, gap.slots.at(-1)!.day.date];
    estimated.gapFrom = estimated.gapFrom === null || start < estimated.gapFrom ? start : estimated.gapFrom;
    estimated.gapTo = estimated.gapTo === null || end > estimated.gapTo ? end : estimated.gapTo;
  }
  const known = new Set(estimated.madeFrom.map(({ date }) => date));
  for (const { date, version } of from) {
    if (version === null || known.has(date)) continue;
    known.add(date);
    estimated.madeFrom.push({ date, version });
  }
  estimated.madeFrom.sort((one, other) => (one.date < other.date ? -1 : 1));
}
