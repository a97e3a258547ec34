import type { MeterRow } from '../model.js';
import { type Row, rowOfDay, rowOfEnterprise, rowOfMeter, rowOfSum } from '../rules.js';
import type { Judge } from '../rulings.js';
import { estimateOf, rowOfFitting } from './metered.js';
import { remindersIn } from './quality.js';
import { isInSums } from './sums.js';

type Add = (category: string, row: Row, isTold?: boolean) => void;

/** Of whom meters and what hangs on them tell: of who has them, and of who had them then. */
export function addMetered(judge: Judge, add: Add): void {
  const { world } = judge;
  for (const meter of world.meters) {
    const standing = rowOfMeter(world, meter);
    add('meters', standing);
    const isSeen = judge.isCovered('meters', standing);
    if (meter.former)
      add('meters', rowOfDay(world, meter), isSeen && judge.isCovered('meters', rowOfDay(world, meter)));
    addReadings(judge, meter, add);
    add('quality', rowOfDay(world, meter));
    const isVisited = world.findings.some((finding) => finding.meter === meter.id);
    add('quality', standing, isVisited && judge.finest('quality', standing) === 'AS_METERED');
  }
  for (const { row } of remindersIn(world)) add('quality', row);
  for (const place of world.places)
    if (judge.isCovered('enterprises', rowOfEnterprise(world, place.enterprise)))
      add('meters', rowOfFitting(world, place));
}

function addReadings(judge: Judge, meter: MeterRow, add: Add): void {
  const { world } = judge;
  const [day, standing] = [rowOfDay(world, meter), rowOfMeter(world, meter)];
  const isPackageGiven = judge.refusal('packages:read', 'readings:read') === null;
  // A package names the meters that have no readings, too.
  if (world.readings.some((reading) => reading.meter === meter.id)) add('readings', day);
  else if (isPackageGiven) add('readings', standing);
  add('readings', standing, isPackageGiven && judge.finest('readings', standing) === 'MONTH');
  const isEstimated = estimateOf(world, meter) !== null && judge.isCovered('meters', standing);
  add('readings', day, isEstimated && judge.isCovered('readings', day));
  const isSummed = judge.refusal('readings:read', 'meters:read') === null && isInSums(judge, meter);
  add('readings', rowOfSum(world, meter), isSummed);
}
