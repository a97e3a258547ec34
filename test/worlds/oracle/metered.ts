import type { MeterRow, PlaceRow, PolicyWorld, Told } from '../model.js';
import { NO_DIMENSIONS, type Row, rowOfDay, rowOfEnterprise, rowOfMeter } from '../rules.js';
import { coarsened, type Judge } from '../rulings.js';
import { rowsText } from '../words.js';
import { findingName } from './quality.js';

/** What every counter showed, and what every missing value is estimated to have been. */
export const SHOWN = '7';
export const ESTIMATED = '3.00';

/** What stands in for what is missing of a meter's day; null: nothing is estimated. */
export function estimateOf(
  { estimates, readings }: PolicyWorld,
  { id, interval }: MeterRow,
): (string | null)[] | null {
  if (!estimates.some(({ meter }) => meter === id)) return null;
  const measured =
    readings.find(({ meter }) => meter === id)?.values ?? Array<null>(1440 / interval).fill(null);
  const values = measured.map((value) => (value === null ? ESTIMATED : null));
  return values.some((value) => value !== null) ? values : null;
}

/** A place lies where its enterprise is registered. */
export function rowOfFitting(world: PolicyWorld, { enterprise, energyKind, level }: PlaceRow): Row {
  const { area, subject } = rowOfEnterprise(world, enterprise);
  return { ...NO_DIMENSIONS, area, subject, energyKind, meterLevel: level };
}

/** What hangs on meters: appliances, their certificates, counters, estimates, and what the meter was before. */
export function tellMetered(judge: Judge, told: Told): void {
  const { world } = judge;
  const seen = world.meters.filter((meter) => judge.isCovered('meters', rowOfMeter(world, meter)));
  const refusal = judge.refusal('meters:read');
  const ending = seen.flatMap(({ id }) => deviceOf(world, id)).filter(({ isVerified }) => isVerified);
  told['meters with a certificate'] = refusal ?? rowsText(ending.map(({ meter }) => meter));
  for (const meter of seen) {
    const of = `of meter ${meter.id}`;
    const devices = deviceOf(world, meter.id);
    told[`devices ${of}`] = rowsText(
      devices.map(({ id, isVerified }) => `${id} ${isVerified ? 'verified' : ''}`.trim()),
    );
    told[`certificate ${of}`] = devices.some(({ isVerified }) => isVerified) ? 'there' : 'nothing';
    const isTold = meter.former !== null && judge.isCovered('meters', rowOfDay(world, meter));
    told[`earlier owners ${of}`] = rowsText(isTold ? [rowOfDay(world, meter).area] : []);
    told[`counter ${of}`] = judge.refusal('readings:read') ?? counterText(judge, meter);
    told[`estimates ${of}`] = judge.refusal('readings:read') ?? estimateText(judge, meter);
  }
  for (const { uscc } of world.enterprises) {
    if (!judge.isCovered('enterprises', rowOfEnterprise(world, uscc))) continue;
    const places = world.places.filter(
      (place) => place.enterprise === uscc && judge.isCovered('meters', rowOfFitting(world, place)),
    );
    told[`places of enterprise ${uscc}`] =
      refusal ?? rowsText(places.map((place) => placeText(judge, place)));
  }
}

function deviceOf({ devices }: PolicyWorld, id: string) {
  return devices.filter(({ meter }) => meter === id);
}

function placeText(judge: Judge, { id, meter: fitted }: PlaceRow): string {
  const meter = judge.world.meters.find((one) => one.id === fitted);
  const isSeen = meter && judge.isCovered('meters', rowOfMeter(judge.world, meter));
  return `${id} ${isSeen ? meter.id : 'without'}`;
}

/** Counters are evidence: of a day that is seen as sums alone there is none. */
function counterText(judge: Judge, meter: MeterRow): string {
  if (judge.readingOf(meter) === null) return 'nothing';
  const reading = judge.world.readings.find((one) => one.meter === meter.id)!;
  const isShown =
    reading.isCounted && judge.finest('readings', rowOfDay(judge.world, meter)) === 'AS_METERED';
  return isShown ? SHOWN : 'not shown';
}

/** As finely as the day; why it was estimated is evidence, and the case is one of quality. */
function estimateText(judge: Judge, meter: MeterRow): string {
  const row = rowOfDay(judge.world, meter);
  const finest = judge.finest('readings', row);
  const values = estimateOf(judge.world, meter);
  if (values === null || finest === null || finest === 'MONTH') return rowsText([]);
  const isCaseSeen = judge.finest('quality', row) === 'AS_METERED';
  const held =
    judge.refusal('quality:read') ??
    (isCaseSeen ? findingName({ meter: meter.id, rule: 'COMPLETENESS' }) : 'nothing');
  return rowsText([
    `${coarsened(meter, values, finest)} ${finest === 'AS_METERED' ? 'why' : 'withheld'} in ${held}`,
  ]);
}
