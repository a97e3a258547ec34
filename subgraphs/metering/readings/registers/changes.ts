import { Refusal } from '../../../../gateway/errors.js';
import { dateText } from '../calendar.js';
import { consumptionOf, type Counter, type RegisterDay } from './consumption.js';
import { type DayToWrite, type Owner, seriesOf } from './statements.js';
import type { Timeline } from './timeline.js';

/** Readings of a meter, or its counters, that changed: both as they were and as they are. */
export interface Change {
  owner: Owner;
  before: Timeline;
  after: Timeline;
  counters: [before: readonly Counter[], after: readonly Counter[]];
  /** Days whose own readings changed. */
  days: number[];
}

/**
 * The day blocks that a change of readings changes: those of the days themselves and of the next ones with a reading,
 * whose first interval begins where these end. Only intervals that come to something else are touched, so that what a
 * correction has put elsewhere stays.
 */
export async function blocksChanged(
  blocksOf: (days: [string, number][]) => Promise<Map<string, RegisterDay>>,
  changes: Change[],
): Promise<DayToWrite[]> {
  const affected = changes.flatMap((change) => affectedDays(change).map((day) => ({ change, day })));
  const stored = await blocksOf(affected.map(({ change, day }) => [change.owner.id, day]));
  return affected.flatMap(({ change, day }) => {
    const block = blockOf(change, day, stored.get(`${day} ${change.owner.id}`));
    if (!block) return [];
    if (!seriesOf(block.registers))
      throw new Refusal('CONFLICT', {
        message: `${dateText(day)} holds values that are too large beside these`,
      });
    return [{ ...block, owner: change.owner }];
  });
}

function affectedDays({ before, after, days }: Change): number[] {
  const next = days.flatMap((day) => [before.after(day)?.day ?? day, after.after(day)?.day ?? day]);
  return [...new Set([...days, ...next])].toSorted((one, other) => one - other);
}

/** A block: consumption in the place of readings. */
function blockOf(
  { before, after, counters }: Change,
  day: number,
  stored: RegisterDay | undefined,
): RegisterDay | null {
  const now = after.get(day);
  if (!now) return null;
  const used = consumptionOf(now, after.before(day), counters[1]);
  const earlier = before.get(day);
  if (!stored || stored.interval !== now.interval) return { ...now, registers: used };
  const had =
    earlier?.interval === now.interval ? consumptionOf(earlier, before.before(day), counters[0]) : [];
  const laid = stored.registers.map((value, slot) =>
    used[slot] === (had[slot] ?? null) ? value : used[slot]!,
  );
  const isChanged = laid.some((value, slot) => value !== stored.registers[slot]);
  return isChanged ? { ...now, registers: laid } : null;
}
