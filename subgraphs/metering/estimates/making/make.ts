import { Refusal } from '../../../../gateway/errors.js';
import { type Gap, type MeasuredDay, named, shown, type Slot } from './gaps.js';
import { type EstimateMethod, LEAST_PROFILE_DAYS, PROFILE_DAYS } from './methods.js';
import { type Ratio, whole } from './ratios.js';

/** What estimates are made of. */
export interface Sources {
  /** The day so many days before, if it came at all. */
  daysBefore: (day: MeasuredDay, days: number) => MeasuredDay | undefined;
  isWorking: (date: string) => boolean;
  /** Of MANUAL: the values given, in millionths; null where none is. */
  given: (slot: Slot) => bigint | null;
}

/** A gap before it is rounded and brought to its total: what each interval comes to, and what that rests on. */
export interface Made {
  ratios: Ratio[];
  from: MeasuredDay[];
  /** What an estimate of the day rests on beside the days it was made from. */
  parameters: (day: MeasuredDay) => Record<string, string>;
}

/** @throws Refusal BAD_USER_INPUT where too little was measured for the method: it says what is needed and what there is. */
export function make(method: EstimateMethod, gap: Gap, sources: Sources): Made {
  return METHODS[method](gap, sources);
}

const METHODS: Record<EstimateMethod, (gap: Gap, sources: Sources) => Made> = {
  LINEAR: linear,
  SAME_DAY_LAST_WEEK: lastWeek,
  LOAD_PROFILE: profile,
  MANUAL: manual,
};

const nothing = (): Record<string, string> => ({});
const value = ({ day, place }: Slot): bigint => day.values[place]!;

/** On the straight line between the values right before and right after. */
function linear({ slots, before, after }: Gap): Made {
  if (!before || !after) {
    const [side, edge] = before ? ['after', slots.at(-1)!] : ['before', slots[0]!];
    throw tooLittle(
      'LINEAR',
      `needs a measured value without a finding right before and right after; there is none right ${side} ${named(edge)}`,
    );
  }
  const [from, to] = [value(before), value(after)];
  const steps = BigInt(slots.length + 1);
  const ratios = slots.map((_, index) => ({ of: from * steps + (to - from) * BigInt(index + 1), by: steps }));
  const parameters = { before: shown(from), after: shown(to) };
  return { ratios, from: [before.day, after.day], parameters: () => parameters };
}

/** The values of the same intervals seven days before. */
function lastWeek({ slots }: Gap, { daysBefore }: Sources): Made {
  const sources = slots.map(({ day, place }) => ({ day: daysBefore(day, 7), place }));
  const usable = sources.filter((slot): slot is Slot => slot.day?.isUsable[slot.place] ?? false);
  if (usable.length < slots.length)
    throw tooLittle(
      'SAME_DAY_LAST_WEEK',
      `needs ${slots.length} measured values without a finding seven days before, from ${named(slots[0]!)} on; there are ${usable.length}`,
    );
  return {
    ratios: usable.map((slot) => whole(value(slot))),
    from: usable.map(({ day }) => day),
    parameters: nothing,
  };
}

/**
 * The mean of like days, working or not by the calendar, scaled to what was measured of the day itself. A gap over
 * midnight follows the profile of each of its days.
 */
function profile({ slots, total }: Gap, sources: Sources): Made {
  const byDay = Map.groupBy(slots, ({ day }) => day);
  const made = new Map([...byDay].map(([day, own]) => [day, profileOf(day, own, total, sources)]));
  const all = [...made.values()];
  return {
    ratios: all.flatMap(({ ratios }) => ratios),
    from: all.flatMap(({ from }) => from),
    parameters: (day) => made.get(day)!.parameters(day),
  };
}

function profileOf(
  day: MeasuredDay,
  slots: Slot[],
  total: bigint | null,
  { daysBefore, isWorking }: Sources,
): Made {
  const kind = isWorking(day.date) ? 'WORKING' : 'NON_WORKING';
  const like = Array.from({ length: PROFILE_DAYS }, (_, back) => daysBefore(day, back + 1)).filter(
    (one): one is MeasuredDay =>
      one !== undefined && one.isUsable.every(Boolean) && isWorking(one.date) === isWorking(day.date),
  );
  if (like.length < LEAST_PROFILE_DAYS)
    throw tooLittle(
      'LOAD_PROFILE',
      `needs ${LEAST_PROFILE_DAYS} ${kind} days measured whole and without a finding in the ${PROFILE_DAYS} days before ${day.date}; there are ${like.length}`,
    );
  const sums = day.values.map((_, place) => like.reduce((sum, one) => sum + one.values[place]!, 0n));
  const ofUsable = (values: readonly (bigint | null)[]): bigint =>
    values.reduce<bigint>((sum, one, place) => (day.isUsable[place] ? sum + one! : sum), 0n);
  const [measured, same] = [ofUsable(day.values), ofUsable(sums)];
  const isScaled = total === null && measured > 0n && same > 0n;
  const [factor, by] = isScaled ? [measured, same] : [1n, BigInt(like.length)];
  const parameters = {
    dayKind: kind,
    days: String(like.length),
    scaledTo: total !== null ? 'COUNTER' : isScaled ? 'MEASURED_PART' : 'NOTHING',
    ...(isScaled && { measured: shown(measured) }),
  };
  return {
    ratios: slots.map(({ place }) => ({ of: sums[place]! * factor, by })),
    from: like,
    parameters: () => parameters,
  };
}

/** As somebody says, of the whole gap where its total is known. */
function manual({ slots, total }: Gap, { given }: Sources): Made {
  const values = slots.map(given);
  const sum = values.reduce<bigint>((one, other) => one + (other ?? 0n), 0n);
  if (total !== null && (values.includes(null) || sum !== total))
    throw new Refusal('BAD_USER_INPUT', {
      message: `values: the counter says ${shown(total)} for ${named(slots[0]!)} to ${named(slots.at(-1)!)}; they come to ${shown(sum)}${values.includes(null) ? ', and some are missing' : ''}.`,
      remedy: 'Give a value for every interval of the gap, so that they meet the total.',
    });
  return { ratios: values.map((one) => whole(one ?? 0n)), from: [], parameters: nothing };
}

function tooLittle(method: EstimateMethod, needs: string): Refusal {
  return new Refusal('BAD_USER_INPUT', {
    message: `${method} ${needs}.`,
    remedy: 'Take another method, or MANUAL with evidence.',
  });
}
