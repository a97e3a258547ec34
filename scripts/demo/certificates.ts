import { addDays } from './calendar.js';
import type { DemoMeter } from './meters.js';
import { randomFor, wholeBetween } from './randomness.js';

/** The appliance at a meter with its certificate of verification. */
export interface DemoCertificate {
  meter: string;
  area: string;
  serialNumber: string;
  instrument: string;
  /** ISO 8601 instant. */
  installedAt: string;
  certificateNumber: string;
  organ: string;
  calibratedOn: string;
  /** Null: as long as the instrument's verification interval. */
  validUntil: string | null;
}

const INSTRUMENTS: Record<string, string> = {
  '01': 'ELECTRICITY_METER',
  '02': 'WATER_METER',
  '03': 'GAS_METER_LARGE',
};
const ORGAN = '合成计量检定所（演示）';
/** Planted faults: meters whose verification nobody renewed, by their place in the city; it ended so many days ago. */
const EXPIRED: [meter: number, days: number][] = [
  [17, 9],
  [141, 20],
  [302, 3],
  [455, 40],
];

/** Verified one to thirteen months ago, which is less than any of their intervals; but for the planted faults. */
export function demoCertificates(meters: readonly DemoMeter[], until: string): DemoCertificate[] {
  const ended = new Map(EXPIRED);
  return meters.map(({ id, area, energyItem }, place) => {
    const random = randomFor('certificate', id);
    const days = ended.get(place);
    const number = `${wholeBetween(random, 100_000, 999_999)}`;
    return {
      meter: id,
      area,
      serialNumber: `YS${number}`,
      instrument: INSTRUMENTS[energyItem.slice(0, 2)]!,
      installedAt: `${addDays(until, -1_100)}T00:00:00+08:00`,
      certificateNumber: `YSJD-${number}`,
      organ: ORGAN,
      calibratedOn: addDays(until, days === undefined ? -wholeBetween(random, 30, 390) : -730 - days),
      validUntil: days === undefined ? null : addDays(until, -days),
    };
  });
}
