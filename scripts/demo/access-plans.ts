import { addDays } from './calendar.js';
import type { DemoEnterprise } from './enterprises.js';

/** What a district plans for a key unit. */
export interface DemoAccessPlan {
  enterpriseUscc: string;
  area: string;
  plannedOn: string;
  organ: string;
  batch: string;
  buildingSince: string;
  energyClasses: string[];
}

/** Batches, in days from the last day: one is over, one is near, one is far; what is left over nobody planned. */
const BATCHES: [batch: string, days: number][] = [
  ['第一批（演示）', -60],
  ['第二批（演示）', 45],
  ['第三批（演示）', 200],
];
const UNPLANNED_EVERY = 4;

export function demoAccessPlans(enterprises: readonly DemoEnterprise[], until: string): DemoAccessPlan[] {
  const units = enterprises.filter(({ unitClass }) => unitClass !== null);
  return units.flatMap(({ uscc, area }, place) => {
    const batch = BATCHES[place % UNPLANNED_EVERY];
    if (!batch) return [];
    const [name, days] = batch;
    return [
      {
        enterpriseUscc: uscc,
        area,
        plannedOn: addDays(until, days),
        organ: '合成区发展和改革委员会（演示）',
        batch: name,
        buildingSince: addDays(until, days - 120),
        energyClasses: ['01', '03'],
      },
    ];
  });
}
