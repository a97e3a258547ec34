import type { MeterRow, PolicyWorld, Site } from './model.js';

/** A row as the rules see it. `null` is: it has none. */
export interface Row {
  area: string;
  subject: string | null;
  energyKind: string | null;
  meterLevel: number | null;
  buildingType: string | null;
  /** Of a record of a meter that went to another owner or place since: the meter as it is registered now. */
  registered?: Row;
}

export const NO_DIMENSIONS = { energyKind: null, meterLevel: null, buildingType: null };

/** About nobody. */
export function rowOfPlace(area: string): Row {
  return { ...NO_DIMENSIONS, area, subject: null };
}

// ── Areas ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** GB/T 2260: two digits a province, four a city, six a district; 100000 is the nation. */
export function liesIn(inner: string, outer: string): boolean {
  if (outer === '100000') return true;
  if (outer.endsWith('0000')) return inner.slice(0, 2) === outer.slice(0, 2);
  if (outer.endsWith('00')) return inner.slice(0, 4) === outer.slice(0, 4);
  return inner === outer;
}

// ── Where a row lies, whom it is about, and what it is ──────────────────────────────────────────────────────────────

export function rowOfBuilding(world: PolicyWorld, id: string): Row {
  const building = world.buildings.find((one) => one.id === id)!;
  const letter = id.slice(6, 7);
  return {
    ...NO_DIMENSIONS,
    area: id.slice(0, 6),
    subject: building.owner,
    buildingType: letter === 'H' ? 'Z' : letter,
  };
}

export function rowOfEnterprise(world: PolicyWorld, uscc: string): Row {
  const { area } = world.enterprises.find((one) => one.uscc === uscc)!;
  return { ...NO_DIMENSIONS, area, subject: uscc };
}

function rowOfSite(world: PolicyWorld, { building, enterprise }: Site): Row {
  return building ? rowOfBuilding(world, building) : rowOfEnterprise(world, enterprise!);
}

export function rowOfMeter(world: PolicyWorld, meter: MeterRow): Row {
  return {
    ...rowOfSite(world, meter),
    energyKind: meter.energyItem.slice(0, 2),
    meterLevel: meter.level,
  };
}

/** A sum is whose and where the days were; what was measured is as the meter is registered now. */
export function rowOfSum(world: PolicyWorld, meter: MeterRow): Row {
  const { area, subject } = rowOfSite(world, meter.former ?? meter);
  return { ...rowOfMeter(world, meter), area, subject };
}

/** A day, and what was found of it, stays whose it was when its meter goes to another. */
export function rowOfDay(world: PolicyWorld, meter: MeterRow): Row {
  const row = rowOfSum(world, meter);
  return meter.former ? { ...row, registered: rowOfMeter(world, meter) } : row;
}
