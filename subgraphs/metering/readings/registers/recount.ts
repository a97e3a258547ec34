import { Refusal } from '../../../../gateway/errors.js';
import { minuteText, MINUTES_A_DAY, minutesSinceEpoch } from '../calendar.js';
import { blocksChanged } from './changes.js';
import {
  type Ask,
  blocksOf,
  type CounterOfMeter,
  countersOf,
  lockMeters,
  type Owner,
  registersFrom,
  writeBlocks,
} from './statements.js';
import { Timeline } from './timeline.js';

/**
 * Changes which appliance stood at a meter when, and counts anew what was used from then on: the readings stay, and of
 * the day blocks only the intervals that come to something else get a new version, in the same transaction.
 *
 * @param batch what the new versions name as their batch.
 * @throws Refusal BAD_USER_INPUT where the readings that are stored contradict the change.
 */
export async function recount<T>(
  ask: Ask,
  meter: Owner & CounterOfMeter,
  from: string,
  change: () => Promise<T>,
  batch: (changed: T) => string,
): Promise<T> {
  await lockMeters(ask, [meter.id]);
  const before = (await countersOf(ask, [meter])).get(meter.id)!;
  const changed = await change();
  const after = (await countersOf(ask, [meter])).get(meter.id)!;
  const minute = meter.zone.local(minutesSinceEpoch(new Date(from)));
  // A reading at midnight is the last of the day before.
  const first = Math.floor(minute / MINUTES_A_DAY) - 1;
  const stored = await registersFrom(ask, meter.id, first);
  const timeline = new Timeline(stored);
  const days = stored.map(({ day }) => day).filter((day) => day >= first);
  for (const day of days) {
    const found = timeline.contradictionAt(day, null, after);
    if (found) throw contradicted(meter.id, found.at);
  }
  const blocks = await blocksChanged(
    (wanted) => blocksOf(ask, wanted),
    [{ owner: meter, before: timeline, after: timeline, counters: [before, after], days }],
  );
  await writeBlocks(ask, blocks, batch(changed));
  return changed;
}

function contradicted(meter: string, at: number): Refusal {
  return new Refusal('BAD_USER_INPUT', {
    message: `${meter}: the reading of ${minuteText(at)} does not fit this change.`,
    remedy:
      'Check the time and the registers of the change; a reading that is wrong is uploaded again first.',
  });
}
