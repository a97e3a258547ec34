import type { DemoEnterprise, Holdings } from './enterprises.js';
import { PROFILES, type Archetype } from './profiles.js';
import { between, decimal, randomFor, wholeBetween } from './randomness.js';

export interface DemoBuilding {
  /** 6 digits GB/T 2260, type letter, 3 digits: 310101A001. */
  id: string;
  name: string;
  /** Letter of building_types.csv; other is Z. */
  typeCode: string;
  /** Row of monthly_eui.csv that shapes its readings. */
  archetype: Archetype;
  area: string;
  ownerUscc: string;
  /** m², two decimals. */
  floorAreaM2: string;
  airConditionedAreaM2: string;
  yearBuilt: number;
  address: string;
  /** Numbers that other platforms know the building by. */
  externalIds: { scheme: string; value: string }[];
}

const DISTRICTS: Record<string, string> = { '310101': '黄浦', '310104': '徐汇', '310115': '浦东新' };

/** The code that a building of Huangpu had while Luwan (310103, abolished 2011) was a district of its own. */
function formerCode(area: string, type: string, serial: number): { scheme: string; value: string }[] {
  if (area !== '310101' || serial % 4 !== 0) return [];
  const letter = type === 'Z' ? 'H' : type;
  return [
    { scheme: 'building-code-before-2011', value: `310103${letter}${String(serial).padStart(3, '0')}` },
  ];
}

function building(owner: DemoEnterprise, archetype: Archetype, serial: number): DemoBuilding {
  const { type, name, floorArea } = PROFILES[archetype];
  const id = `${owner.area}${type}${String(serial).padStart(3, '0')}`;
  const random = randomFor('building', id);
  const floor = wholeBetween(random, floorArea[0] * 10, floorArea[1] * 10) * 10;
  const district = DISTRICTS[owner.area] ?? owner.area;
  return {
    id,
    name: `演示${name} ${district}${type}${String(serial).padStart(3, '0')}（合成）`,
    typeCode: type,
    archetype,
    area: owner.area,
    ownerUscc: owner.uscc,
    floorAreaM2: decimal(floor),
    airConditionedAreaM2: decimal(Math.round(floor * between(random, 0.7, 0.92))),
    yearBuilt: wholeBetween(random, 1988, 2021),
    address: `上海市${district}区演示路 ${wholeBetween(random, 1, 999)} 号（合成地址）`,
    externalIds: [
      { scheme: 'district-platform', value: `${owner.area.slice(2)}-${type}-${serial * 7 + 1000}` },
      ...formerCode(owner.area, type, serial),
    ],
  };
}

/** Every building that the owners hold, numbered by area and letter in the order of their owners. */
export function demoBuildings(owners: { enterprise: DemoEnterprise; holdings: Holdings }[]): DemoBuilding[] {
  const serials = new Map<string, number>();
  const next = (area: string, archetype: Archetype) => {
    const key = area + PROFILES[archetype].type;
    const serial = (serials.get(key) ?? 0) + 1;
    serials.set(key, serial);
    return serial;
  };
  return owners.flatMap(({ enterprise, holdings }) =>
    (Object.entries(holdings) as [Archetype, number][]).flatMap(([archetype, count]) =>
      Array.from({ length: count }, () => building(enterprise, archetype, next(enterprise.area, archetype))),
    ),
  );
}
