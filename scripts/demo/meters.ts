import type { DemoBuilding } from './buildings.js';
import { PROFILES } from './profiles.js';
import { randomFor } from './randomness.js';

export interface DemoMeter {
  /** `310101A001-01B1C-1`: building, energy item, number. */
  id: string;
  name: string;
  buildingId: string;
  ownerUscc: string;
  area: string;
  parentId: string | null;
  /** GB 17167: 1 at the gate, 2 at a sub-item, 3 at an equipment. */
  level: 1 | 2 | 3;
  /** Code of energy_items.csv. */
  energyItem: string;
  unit: 'kWh' | 'm3';
  intervalMinutes: 15;
  timeZone: 'Asia/Shanghai';
}

const NAMES: Record<string, string> = {
  '01000': '总用电',
  '01A00': '照明插座用电',
  '01B00': '空调用电',
  '01B1C': '冷机',
  '01B20': '空调末端',
  '01C00': '动力用电',
  '01C10': '电梯',
  '01D00': '特殊用电',
  '02000': '总用水',
  '03000': '总燃气',
};

function meter(building: DemoBuilding, energyItem: string, level: 1 | 2 | 3, parent?: DemoMeter): DemoMeter {
  return {
    id: `${building.id}-${energyItem}-1`,
    name: `${NAMES[energyItem]}（演示）`,
    buildingId: building.id,
    ownerUscc: building.ownerUscc,
    area: building.area,
    parentId: parent?.id ?? null,
    level,
    energyItem,
    unit: energyItem.startsWith('01') ? 'kWh' : 'm3',
    intervalMinutes: 15,
    timeZone: 'Asia/Shanghai',
  };
}

/** The meters of one building, parents before their children. Not every building meters everything. */
export function metersOf(building: DemoBuilding): DemoMeter[] {
  const random = randomFor('meters', building.id);
  const gate = meter(building, '01000', 1);
  const lighting = meter(building, '01A00', 2, gate);
  const cooling = meter(building, '01B00', 2, gate);
  const power = meter(building, '01C00', 2, gate);
  const meters = [gate, lighting, cooling, power];
  if (random() < 0.5) meters.push(meter(building, '01D00', 2, gate));
  if (random() < 0.75) meters.push(meter(building, '01B1C', 3, cooling));
  if (random() < 0.4) meters.push(meter(building, '01B20', 3, cooling));
  if (random() < 0.7) meters.push(meter(building, '01C10', 3, power));
  meters.push(meter(building, '02000', 1));
  if (PROFILES[building.archetype].gas > 0) meters.push(meter(building, '03000', 1));
  return meters;
}

/** The three electricity meters that a building of the test stage registers first. */
export function firstMetersOf(building: DemoBuilding): DemoMeter[] {
  return metersOf(building).slice(0, 3);
}
