import type { PolicyWorld, Told } from '../model.js';
import { NO_DIMENSIONS, type Row, rowOfBuilding, rowOfDay, rowOfEnterprise, rowOfMeter } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** Something of a world that stands to be changed: by a correction, or by hand where there is none. */
export interface Corrected {
  id: string;
  /** Kind of the correction, or the table of what is changed by hand. */
  what: string;
  isByHand: boolean;
  thing: string;
  category: string;
  row: Row;
}

/** One for each thing. */
export function correctedIn(world: PolicyWorld): Corrected[] {
  const of = (what: string, category: string, thing: string, row: Row): Corrected => {
    const isByHand = what.includes('.');
    return { id: `${isByHand ? 'brk' : 'cor'}_${what}_${thing}`, what, isByHand, thing, category, row };
  };
  const days = new Map(world.meters.map((meter) => [meter.id, rowOfDay(world, meter)]));
  return [
    ...world.readings.map(({ meter }) => of('METER_DAY', 'readings', meter, days.get(meter)!)),
    ...world.audits.map(({ id, building }) =>
      of('ENERGY_AUDIT', 'audits', id, rowOfBuilding(world, building)),
    ),
    ...world.reviews.map(({ id, enterprise }) => of('METERING_REVIEW', 'reviews', id, rowOfEnterprise(world, enterprise))), // prettier-ignore
    ...world.inspections.map(({ id, enterprise }) => of('INSPECTION', 'inspections', id, rowOfEnterprise(world, enterprise))), // prettier-ignore
    ...world.enterprises.map(({ uscc }) => of('enterprises.enterprise', 'enterprises', uscc, rowOfEnterprise(world, uscc))), // prettier-ignore
    ...world.buildings.map(({ id }) => of('buildings.building', 'buildings', id, rowOfBuilding(world, id))),
    ...world.meters.map((meter) => of('metering.meter', 'meters', meter.id, rowOfMeter(world, meter))),
  ];
}

/** That there is one goes by the area, and for a correction by the subject too. */
export function isCorrectionSeen(judge: Judge, { isByHand, row: { area, subject } }: Corrected): boolean {
  return judge.isCovered('corrections', { ...NO_DIMENSIONS, area, subject: isByHand ? null : subject });
}

/** What it says is shown to who may read the thing itself. */
export function tellCorrections(judge: Judge, told: Told): void {
  const all = correctedIn(judge.world).filter((one) => isCorrectionSeen(judge, one));
  const list = (isByHand: boolean): string => {
    const some = all.filter((one) => one.isByHand === isByHand);
    const texts = some.map(
      ({ id, category, row }) =>
        `${id} ${judge.isCovered(category, row) ? 'shown' : 'withheld'} after ${isByHand ? 'REQUESTED' : 'PROPOSED'}`,
    );
    return judge.refusal('corrections:read') ?? rowsText(texts);
  };
  told['corrections'] = list(false);
  told['changesByHand'] = list(true);
}
