import { type Row, rowOfBuilding, rowOfEnterprise, rowOfMeter } from '../rules.js';
import type { Judge } from '../rulings.js';

/** To register an object again, or to record something about it, is to write it. */
export function writeOf(judge: Judge, category: string, id: string): string {
  const { world } = judge;
  const write = `${category}:write`;
  const read = `${category}:read`;
  const done = (row: Row): string =>
    judge.isCovered(category, row, 'write') ? 'done' : 'refused ROW_OUT_OF_REACH rows/reach';
  const unseen = 'refused BAD_USER_INPUT';
  if (category === 'enterprises') return judge.refusal(write, read) ?? done(rowOfEnterprise(world, id));
  if (category === 'buildings') return judge.refusal(write, read) ?? done(rowOfBuilding(world, id));
  if (category === 'audits') {
    const refusal = judge.refusal(write, 'buildings:read', read);
    if (refusal) return refusal;
    return judge.isCovered('buildings', rowOfBuilding(world, id)) ? done(rowOfBuilding(world, id)) : unseen;
  }
  if (category === 'reviews' || category === 'inspections') {
    const refusal = judge.refusal(write, 'enterprises:read', read);
    if (refusal) return refusal;
    return judge.isCovered('enterprises', rowOfEnterprise(world, id))
      ? done(rowOfEnterprise(world, id))
      : unseen;
  }
  const refusal = judge.refusal(write, 'buildings:read', 'enterprises:read', read);
  if (refusal) return refusal;
  const meter = world.meters.find((one) => one.id === id)!;
  const isPlaceSeen = meter.building
    ? judge.isCovered('buildings', rowOfBuilding(world, meter.building))
    : judge.isCovered('enterprises', rowOfEnterprise(world, meter.enterprise!));
  return isPlaceSeen ? done(rowOfMeter(world, meter)) : unseen;
}
