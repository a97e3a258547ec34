import {
  aBuilding,
  aMeter,
  anAudit,
  anEnterprise,
  anInspection,
  aReview,
  has,
  type Registered,
  usccOf,
} from './things.js';
import type { World } from './world.js';

/** Owner of a house in the same district as enterprise A. */
export const USCC_B = usccOf(2);
/** An enterprise in the neighbouring district 310104. */
export const USCC_NORTH = usccOf(4);

export interface City {
  district: Registered;
  north: Registered;
}

/**
 * Two districts: in 310101 enterprise A with two houses and enterprise B with one, in 310104 an enterprise with one;
 * meters on two levels, audits, reviews, inspections, and two days of readings (A's gate: 2.4 and 4.8 kWh).
 */
export async function smallCity(world: World): Promise<City> {
  const [south, north] = [world.as('district-310101'), world.as('district-310104')];
  const district = await has(south, {
    enterprises: [
      anEnterprise({ name: 'A', industry: 'K', unitClass: 'BAIJIA', annualTce: '10000.5' }),
      anEnterprise({ uscc: USCC_B, name: 'B', industry: '4411' }),
    ],
    buildings: [
      aBuilding({
        floorAreaM2: '1000',
        yearBuilt: 1999,
        occupancy: [
          { validFrom: '2026-01-02', persons: 20 },
          { validFrom: '2026-01-01', persons: 10 },
        ],
      }),
      aBuilding({ id: '310101B001' }),
      aBuilding({ id: '310101A002', ownerUscc: USCC_B }),
    ],
    meters: [
      aMeter({ id: 'a-gate' }),
      aMeter({ id: 'a-light', parentId: 'a-gate', level: 2, energyItem: '01A00' }),
      aMeter({ id: 'a-heat', parentId: 'a-gate', level: 2, energyItem: '01B00' }),
      aMeter({ id: 'b-gate', buildingId: '310101A002' }),
      aMeter({ id: 'b-boiler', enterpriseUscc: USCC_B, energyItem: '03000', unit: 'm³' }),
    ],
    audits: [
      anAudit({ year: 2024, completedOn: '2024-06-01' }),
      anAudit({ energyUseKwhPerM2: '120.5' }),
      anAudit({ buildingId: '310101A002', completedOn: '2025-07-01' }),
    ],
    reviews: [
      aReview(),
      aReview({ enterpriseUscc: USCC_B, year: 2024, result: 'PLANNED', plannedOn: '2024-05-01' }),
    ],
    inspections: [
      anInspection({
        documents: [{ name: 'Notice' }, { name: 'Record', sha256: 'ab'.repeat(32) }],
        findings: [{ description: 'No record kept', severity: 'CORRECTION', clause: 'Art. 12' }],
      }),
      anInspection({
        taskNumber: 'T-2',
        enterpriseUscc: USCC_B,
        type: 'MOTOR_EFFICIENCY',
        createdOn: '2025-03-01',
      }),
    ],
  });
  const neighbour = await has(north, {
    enterprises: [anEnterprise({ uscc: USCC_NORTH, name: 'North', area: '310104' })],
    buildings: [aBuilding({ id: '310104A001', ownerUscc: USCC_NORTH })],
    meters: [aMeter({ id: 'n-gate', buildingId: '310104A001' })],
    audits: [anAudit({ buildingId: '310104A001' })],
    reviews: [aReview({ enterpriseUscc: USCC_NORTH })],
    inspections: [
      anInspection({
        enterpriseUscc: USCC_NORTH,
        state: 'COMPLETED',
        agency: 'City team',
        level: 'MUNICIPAL',
      }),
    ],
  });
  await south.upload([
    hours('a-gate', '2026-01-01', 0.1),
    hours('a-gate', '2026-01-02', 0.2),
    hours('b-gate', '2026-01-01', 1),
  ]);
  await north.upload([hours('n-gate', '2026-01-01', 5)]);
  return { district, north: neighbour };
}

/** One day line of an hourly meter with the same value each hour. */
export function hours(meter: string, date: string, value: number): object {
  return { meter, date, interval: 60, values: Array<number>(24).fill(value) };
}
