import type { DemoBuilding } from './buildings.js';
import { isWeekend, monthOf } from './calendar.js';
import type { DemoMeter } from './meters.js';
import { dailyCurve, monthlyKwhPerM2, PROFILES, shareOfMonth, type Archetype } from './profiles.js';
import { between, randomFor } from './randomness.js';

/** Air conditioning's part of a building's electricity, January to December: made up, as all shares here. */
const COOLING = [0.38, 0.36, 0.3, 0.24, 0.26, 0.34, 0.44, 0.44, 0.38, 0.26, 0.26, 0.36];
/** Parts of what air conditioning leaves; together 0.82, so that a remainder stays unmetered. */
const OTHERS: Record<string, number> = { '01A00': 0.48, '01C00': 0.2, '01D00': 0.14 };
/** Parts of the parent's energy; those of one parent stay below 1 with their noise. */
const EQUIPMENT: Record<string, number> = { '01B1C': 0.58, '01B20': 0.27, '01C10': 0.5 };

const curves = new Map<string, number[]>();

function curveOf(archetype: Archetype, date: string, night?: number): number[] {
  const weekend = isWeekend(date);
  const key = `${archetype}/${weekend}/${night}`;
  const known = curves.get(key) ?? dailyCurve(PROFILES[archetype], weekend, night);
  curves.set(key, known);
  return known;
}

/** How much one building differs from the average of its kind, for ever: 0.85 … 1.15. */
export function efficiencyOf(buildingId: string): number {
  return between(randomFor('efficiency', buildingId), 0.85, 1.15);
}

/** What enters the building on `date`, in hundredths of the meter's unit, quarter-hour by quarter-hour. */
function gate(building: DemoBuilding, meter: DemoMeter, date: string): number[] {
  const profile = PROFILES[building.archetype];
  const monthly = {
    '01': () => monthlyKwhPerM2(building.archetype, date) * efficiencyOf(building.id),
    '02': () => profile.water * efficiencyOf(`${building.id}/water`),
    '03': () => profile.gas * efficiencyOf(`${building.id}/gas`) * (monthOf(date) % 11 < 3 ? 1.3 : 0.9),
  }[meter.energyItem.slice(0, 2)];
  if (monthly === undefined) throw new RangeError(`no profile for ${meter.energyItem}`);
  const random = randomFor('reading', meter.id, date);
  const weather = between(randomFor('weather', date), 0.96, 1.04);
  const day = monthly() * Number(building.floorAreaM2) * shareOfMonth(profile, date) * weather;
  const night = meter.unit === 'kWh' ? undefined : profile.night / 3;
  return curveOf(building.archetype, date, night).map((share) =>
    Math.round(day * share * between(random, 0.97, 1.03) * 100),
  );
}

/** A part of what the parent measured, rounded down: parts can never exceed their whole. */
function part(meter: DemoMeter, parent: readonly number[], date: string): number[] {
  const cooling = COOLING[monthOf(date) - 1] ?? 0;
  const share =
    meter.energyItem === '01B00'
      ? cooling
      : (EQUIPMENT[meter.energyItem] ?? (OTHERS[meter.energyItem] ?? 0) * (1 - cooling));
  const random = randomFor('reading', meter.id, date);
  return parent.map((value) => Math.floor(value * share * between(random, 0.96, 1.04)));
}

/**
 * One faultless day of every meter of a building, parents first as `meters` lists them: 96 whole hundredths each.
 * Depends on building, meter and date alone, so any two demo cities agree on the days they share.
 */
export function buildingDay(
  building: DemoBuilding,
  meters: readonly DemoMeter[],
  date: string,
): Map<string, number[]> {
  const day = new Map<string, number[]>();
  for (const meter of meters) {
    const parent = meter.parentId === null ? undefined : day.get(meter.parentId);
    day.set(meter.id, parent === undefined ? gate(building, meter, date) : part(meter, parent, date));
  }
  return day;
}

/** What an average year comes to for this building, kWh a m²: the sum of its months. */
export function yearlyKwhPerM2(building: DemoBuilding): number {
  const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}-01`);
  const sum = months.reduce((total, month) => total + monthlyKwhPerM2(building.archetype, month), 0);
  return sum * efficiencyOf(building.id);
}

/** Whole hundredths as numbers of at most two decimals, the nearest that a double has. */
export function toUnits(hundredths: readonly (number | null)[]): (number | null)[] {
  return hundredths.map((value) => (value === null ? null : value / 100));
}
