import { demoAudits, demoReviews, type DemoAudit, type DemoReview } from './audits.js';
import { demoAccessPlans, type DemoAccessPlan } from './access-plans.js';
import { demoBuildings, type DemoBuilding } from './buildings.js';
import { daysUntil } from './calendar.js';
import { demoCertificates, type DemoCertificate } from './certificates.js';
import { demoEnterprises, testStageEnterprise, type DemoEnterprise, type Holdings } from './enterprises.js';
import { plannedFaults, spoil, type DemoFault } from './faults.js';
import { demoInspections, type DemoInspection } from './inspections.js';
import { firstMetersOf, metersOf, type DemoMeter } from './meters.js';
import {
  demoConsents,
  demoScopes,
  demoTenants,
  type DemoConsent,
  type DemoScope,
  type DemoTenant,
} from './parties.js';
import { buildingDay, toUnits } from './readings.js';

export { ENTERPRISE_A_USCC, SERVICE_CO_USCC } from './enterprises.js';

/** Said wherever the demo city appears. */
export const SYNTHETIC_NOTICE =
  'Synthetic demo data: every enterprise, building, meter, reading, bill, certificate, plan, audit, review and inspection of this city is ' +
  'made up; only the monthly kWh/m² by building type follow published figures. ' +
  '合成演示数据：本城市的单位、建筑、计量器具、能耗、账单、检定证书、接入计划、审计、审查和监察记录均为虚构，仅各类建筑的月度单位面积电耗参照公开数据。';

/** A meter's day as `POST /upload/readings` takes it: 96 values of the meter's unit, null where none came. */
export interface DayLine {
  meter: string;
  date: string;
  interval: 15;
  values: (number | null)[];
}

/** The rows of one stage: what a district platform registers, and the days it uploads. */
export interface DemoStage {
  enterprises: DemoEnterprise[];
  buildings: DemoBuilding[];
  meters: DemoMeter[];
  /** One line a meter that reported on `date`, of one area if named, generated as they are taken. */
  dayLines: (date: string, area?: string) => Iterable<DayLine>;
}

export interface DemoCity extends DemoStage {
  notice: string;
  /** The days of the window, oldest first; each is full in every meter but for the faults. */
  dates: string[];
  faults: DemoFault[];
  certificates: DemoCertificate[];
  accessPlans: DemoAccessPlan[];
  audits: DemoAudit[];
  reviews: DemoReview[];
  inspections: DemoInspection[];
  tenants: DemoTenant[];
  scopes: DemoScope[];
  consents: DemoConsent[];
  /** The newcomer's two buildings and six meters, for the TEST stage's database alone. */
  testStage: DemoStage;
}

function dayLinesOf(
  buildings: DemoBuilding[],
  meters: DemoMeter[],
  faults: DemoFault[],
): DemoStage['dayLines'] {
  const metersByBuilding = Map.groupBy(meters, (meter) => meter.buildingId);
  const faultOf = new Map(faults.map((fault) => [`${fault.meter}/${fault.date}`, fault]));
  return function* dayLines(date, area) {
    for (const building of buildings) {
      if (area !== undefined && building.area !== area) continue;
      for (const [meter, day] of buildingDay(building, metersByBuilding.get(building.id) ?? [], date)) {
        const fault = faultOf.get(`${meter}/${date}`);
        const given = fault === undefined ? day : spoil(fault, day);
        if (given !== null) yield { meter, date, interval: 15, values: toUnits(given) };
      }
    }
  };
}

function testStage(): DemoStage {
  const owner: { enterprise: DemoEnterprise; holdings: Holdings } = testStageEnterprise();
  const buildings = demoBuildings([owner]);
  const meters = buildings.flatMap(firstMetersOf);
  return { enterprises: [owner.enterprise], buildings, meters, dayLines: dayLinesOf(buildings, meters, []) };
}

/**
 * A city of 20 enterprises and 64 buildings in the districts 310101 and 310104, with the `days` (30 by default)
 * that end with `until` (YYYY-MM-DD). Pure: the same arguments give the same city on any machine.
 * Throws RangeError when `until` is no calendar day or there are fewer than 3 days (faults need room).
 */
export function demoCity({ until, days = 30 }: { until: string; days?: number }): DemoCity {
  if (!Number.isInteger(days) || days < 3)
    throw new RangeError(`a demo city has at least 3 days, not ${days}`);
  const dates = daysUntil(until, days);
  const [from = until] = dates;
  const owners = demoEnterprises();
  const enterprises = owners.map(({ enterprise }) => enterprise);
  const former = enterprises[3];
  if (former === undefined) throw new RangeError('no enterprise whose consent has ended');
  const buildings = demoBuildings(owners);
  const meters = buildings.flatMap(metersOf);
  const faults = plannedFaults(
    buildings.map(({ id }) => id),
    meters,
    dates,
  );
  return {
    notice: SYNTHETIC_NOTICE,
    dates,
    enterprises,
    buildings,
    meters,
    faults,
    certificates: demoCertificates(meters, until),
    accessPlans: demoAccessPlans(enterprises, until),
    audits: demoAudits(buildings, until),
    reviews: demoReviews(enterprises, until),
    inspections: demoInspections(enterprises, until),
    tenants: demoTenants(),
    scopes: demoScopes(from),
    consents: demoConsents(from, former),
    testStage: testStage(),
    dayLines: dayLinesOf(buildings, meters, faults),
  };
}
