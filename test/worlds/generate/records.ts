import type {
  ApplicationRow,
  EditionRow,
  EnterpriseRow,
  FindingRow,
  MeterRow,
  SupplyRow,
  TenantFact,
} from '../model.js';
import type { Setting } from './setting.js';

/** At most one a meter and rule: that is what a case is about. */
export function findingsOf(setting: Setting, meter: MeterRow): FindingRow[] {
  const rules = setting.some(['COMPLETENESS', 'TIMELINESS', 'DAY_MONTH'] as const, 0, 2);
  return rules.map((rule) => ({ meter: meter.id, rule }));
}

/** A platform brings a list of units, an enterprise itself; whoever applies lies anywhere. */
export function applicationOf(
  setting: Setting,
  index: number,
  tenants: TenantFact[],
  enterprises: EnterpriseRow[],
): ApplicationRow {
  const { uscc, area } = setting.pick(enterprises);
  const isDirect = setting.chance(0.5);
  const { cities, districts } = setting.areas;
  return {
    id: setting.nodeId('app', index),
    applicant: setting.pick(tenants).id,
    area: isDirect ? area : setting.pick([...cities, ...districts]),
    subject: isDirect ? uscc : null,
    state: setting.pick(['DRAFT', 'SUBMITTED', 'TESTING', 'CONNECTED'] as const),
    units: isDirect ? [uscc] : setting.some(enterprises, 1, 3).map((one) => one.uscc),
  };
}

/** One of a city and one of the other province: none lies in another. */
export function editionsOf(setting: Setting): EditionRow[] {
  const { provinces, cities, districts } = setting.areas;
  return [cities[0]!, provinces[1]!].flatMap((area, index) => {
    if (setting.chance(0.2)) return [];
    const inside = [...new Set(districts)].filter((district) => district.startsWith(area.slice(0, 2)));
    const cells = [area, ...inside].flatMap((place) =>
      [null, 'A', 'B'].map((buildingType) => ({
        area: place,
        buildingType,
        total: setting.chance(0.7) ? String(setting.between(1, 9_999)) : null,
      })),
    );
    return [{ id: setting.nodeId('sed', index), area, cells }];
  });
}

/** Most are linked to a meter, each to its own; who confirmed that works where the meter is, around it, or elsewhere. */
export function suppliesOf(
  setting: Setting,
  tenants: TenantFact[],
  meters: MeterRow[],
  areaOf: (meter: MeterRow) => string,
): SupplyRow[] {
  const { nation, provinces, cities, districts } = setting.areas;
  const suppliers = tenants.filter(({ tier }) => tier === 'THIRD_PARTY' || tier === 'ENTERPRISE');
  return meters.map((meter, index) => {
    const own = areaOf(meter);
    return {
      id: setting.id('supply', index),
      supplier: setting.pick(suppliers.length > 0 && setting.chance(0.9) ? suppliers : tenants).id,
      area: setting.chance(0.7) ? own : setting.pick([...cities, ...districts]),
      energyItem: `${meter.energyItem.slice(0, 2)}000`,
      meter: setting.chance(0.85) ? meter.id : null,
      confirmedIn: setting.pick([nation, provinces[0]!, own, own, setting.pick(districts)]),
    };
  });
}
