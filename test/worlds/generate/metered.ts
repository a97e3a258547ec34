import type { DeviceRow, EnterpriseRow, FindingRow, MeterRow, PlaceRow } from '../model.js';
import type { Setting } from './setting.js';

/** What is missing of a meter's day is estimated in the case of its completeness. */
export function estimatesOf(setting: Setting, findings: FindingRow[]): FindingRow[] {
  return findings.filter(({ rule }) => rule === 'COMPLETENESS' && setting.chance(0.8));
}

export function devicesOf(setting: Setting, meters: MeterRow[]): DeviceRow[] {
  return meters.flatMap(({ id }) =>
    setting.chance(0.6) ? [{ id: `dev_${id}`, meter: id, isVerified: setting.chance(0.7) }] : [],
  );
}

/** The meter at a place may be whosever. */
export function placesOf(setting: Setting, enterprises: EnterpriseRow[], meters: MeterRow[]): PlaceRow[] {
  return setting.times(1, 3, (index) => ({
    id: setting.id('place', index),
    enterprise: setting.pick(enterprises).uscc,
    energyKind: setting.pick(['01', '03']),
    level: setting.between(1, 3),
    meter: setting.chance(0.7) ? setting.pick(meters).id : null,
  }));
}
