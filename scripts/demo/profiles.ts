import { readReference } from '../../subgraphs/runtime/reference.js';
import { daysOfMonth, isWeekend, monthOf } from './calendar.js';

/** Quarter-hours in a day. */
export const QUARTERS = 96;

/** How buildings of one archetype are used. Only the monthly electricity comes from a source; the rest is made up. */
export interface Profile {
  /** Letter of building_types.csv. */
  type: string;
  name: string;
  /** Hours of the day between which the building is in use. */
  opens: number;
  closes: number;
  /** Load at night as a share of the load in use. */
  night: number;
  /** Energy of a day of the weekend as a share of a working day's. */
  weekend: number;
  /** Least and greatest floor area, m². */
  floorArea: [number, number];
  /** m³ a month and m² of floor; 0 is no gas meter. */
  gas: number;
  water: number;
}

function profile(
  [type, name]: [string, string],
  [opens, closes, night, weekend]: [number, number, number, number],
  floorArea: [number, number],
  [gas, water]: [number, number],
): Profile {
  return { type, name, opens, closes, night, weekend, floorArea, gas, water };
}

export const PROFILES = {
  government_office: profile(['A', '机关办公楼'], [8, 18, 0.22, 0.42], [12_000, 28_000], [0.03, 0.08]),
  office: profile(['A', '办公楼'], [8, 20, 0.25, 0.5], [20_000, 85_000], [0, 0.07]),
  shopping_mall: profile(['B', '商场'], [9.5, 22, 0.15, 1.15], [25_000, 120_000], [0.25, 0.15]),
  hotel: profile(['C', '酒店'], [6, 23.5, 0.5, 1.05], [20_000, 60_000], [0.7, 0.24]),
  education: profile(['D', '教学楼'], [7, 21, 0.25, 0.6], [20_000, 50_000], [0.1, 0.12]),
  culture: profile(['D', '文化馆'], [9, 20, 0.25, 1.1], [20_000, 35_000], [0, 0.09]),
  healthcare: profile(['E', '医院楼'], [7, 19, 0.5, 0.85], [25_000, 90_000], [0.4, 0.2]),
  sports: profile(['F', '体育馆'], [9, 22, 0.2, 1.2], [20_000, 45_000], [0.1, 0.16]),
  mixed_use: profile(['G', '综合楼'], [8, 22, 0.3, 0.85], [40_000, 150_000], [0.15, 0.12]),
  exhibition: profile(['Z', '展览馆'], [9, 18, 0.2, 1.1], [30_000, 90_000], [0, 0.06]),
  transportation: profile(['Z', '客运站'], [5, 23.5, 0.35, 1.1], [30_000, 100_000], [0, 0.08]),
  other_public: profile(['Z', '公共建筑'], [8, 19, 0.3, 0.8], [20_000, 30_000], [0, 0.08]),
} satisfies Record<string, Profile>;

export type Archetype = keyof typeof PROFILES;

/** Tenths of kWh a month and m², the source's own precision, so that the figures stay whole numbers. */
const MONTHLY = new Map(
  readReference(new URL('../../subgraphs/buildings/room.js', import.meta.url).href, 'monthly_eui.csv').map(
    (row) => [`${row['archetype']}/${row['month']}`, Math.round(Number(row['kwh_per_m2']) * 10)],
  ),
);

/** Electricity of an average Shanghai building of the archetype in the month of `date`, kWh a m². */
export function monthlyKwhPerM2(archetype: Archetype, date: string): number {
  const tenths = MONTHLY.get(`${archetype}/${monthOf(date)}`);
  if (tenths === undefined) throw new RangeError(`no monthly figure for ${archetype}`);
  return tenths / 10;
}

/** The part of its month's energy that falls on `date`: the shares of a month's days add up to 1. */
export function shareOfMonth(profile: Profile, date: string): number {
  const weight = (day: string) => (isWeekend(day) ? profile.weekend : 1);
  return weight(date) / daysOfMonth(date).reduce((sum, day) => sum + weight(day), 0);
}

/** How a day's energy falls on its 96 quarter-hours, together 1; `night` overrides the profile's own night load. */
export function dailyCurve(profile: Profile, weekend: boolean, night = profile.night): number[] {
  const base = weekend ? Math.min(0.9, night / Math.min(1, profile.weekend)) : night;
  const weights = Array.from({ length: QUARTERS }, (_, quarter) => {
    const hour = (quarter + 0.5) / 4;
    const use = Math.min(ramp(hour - profile.opens), ramp(profile.closes - hour));
    const midday = 1.12 - 0.24 * ((hour - 14) / 14) ** 2;
    return (base + (1 - base) * use) * midday;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** 0 before, 1 after, and an hour and a half between: people and plant come and go slowly. */
function ramp(hours: number): number {
  return Math.min(1, Math.max(0, (hours + 0.75) / 1.5));
}
