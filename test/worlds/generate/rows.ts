import { usccCheckCharacter } from '../../../subgraphs/runtime/uscc.js';
import type { BuildingRow, EnterpriseRow, MeterRow, ReadingRow, Site } from '../model.js';
import type { Setting } from './setting.js';

const TYPES = ['A', 'B', 'H'];
const ITEMS = ['01000', '01000', '01000', '01A00', '02000', '03000'];
const INTERVALS = [15, 30, 60, 1440];

export function enterpriseOf(setting: Setting, index: number): EnterpriseRow {
  const { districts } = setting.areas;
  const area = setting.pick(districts);
  const elsewhere = districts.filter((one) => one !== area);
  const first17 = `91${area}W${String(setting.number * 10 + index).padStart(8, '0')}`;
  return {
    uscc: first17 + usccCheckCharacter(first17),
    name: setting.id('enterprise', index),
    area,
    unitClass: setting.chance(0.6) ? 'WANJIA' : null,
    before: setting.chance(0.3) ? setting.pick(elsewhere) : null,
  };
}

/** Most buildings lie where their owner is registered, some elsewhere. */
export function buildingOf(setting: Setting, index: number, enterprises: EnterpriseRow[]): BuildingRow {
  const owner = setting.pick(enterprises);
  const area = setting.chance(0.7) ? owner.area : setting.pick(setting.areas.districts);
  const id = `${area}${setting.pick(TYPES)}${String(index + 1).padStart(3, '0')}`;
  const others = enterprises.filter(({ uscc }) => uscc !== owner.uscc);
  return {
    id,
    owner: owner.uscc,
    floorArea: setting.chance(0.9) ? setting.between(100, 9_999) : null,
    ownerBefore: setting.chance(0.3) ? setting.pick(others).uscc : null,
  };
}

export function meterOf(
  setting: Setting,
  index: number,
  enterprises: EnterpriseRow[],
  buildings: BuildingRow[],
): MeterRow {
  const site = siteOf(setting, enterprises, buildings);
  const former = setting.chance(0.35) ? siteOf(setting, enterprises, buildings) : site;
  const isMoved = former.building !== site.building || former.enterprise !== site.enterprise;
  return {
    id: setting.id('m', index),
    ...site,
    former: isMoved ? former : null,
    level: setting.between(1, 3),
    energyItem: setting.pick(ITEMS),
    interval: setting.pick(INTERVALS),
  };
}

function siteOf(setting: Setting, enterprises: EnterpriseRow[], buildings: BuildingRow[]): Site {
  const isInside = setting.chance(0.8);
  return {
    building: isInside ? setting.pick(buildings).id : null,
    enterprise: isInside ? null : setting.pick(enterprises).uscc,
  };
}

export function readingOf(setting: Setting, { id, interval }: MeterRow): ReadingRow {
  const isEmptyHour = Array.from({ length: 24 }, () => setting.chance(0.1));
  const valuesOf = (): (string | null)[] =>
    Array.from({ length: 1440 / interval }, (_, slot) => {
      if (isEmptyHour[Math.floor((slot * interval) / 60)] || setting.chance(0.05)) return null;
      return (setting.between(0, 9_999) / 100).toFixed(2);
    });
  const values = valuesOf();
  const first = setting.chance(0.4) ? valuesOf() : values;
  return {
    meter: id,
    values,
    first: String(first) === String(values) ? null : first,
    isCounted: setting.chance(0.5),
  };
}
