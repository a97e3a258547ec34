import { USCC_A } from '../world/parties.js';
import { aBuilding, aMeter, anAudit, anEnterprise, anInspection, aReview } from '../world/things.js';

/** Argument, input type and key of each mutation that registers rows. */
export const MUTATIONS = {
  registerEnterprises: ['enterprises', 'EnterpriseInput', 'uscc'],
  registerBuildings: ['buildings', 'BuildingInput', 'id'],
  registerMeters: ['meters', 'MeterInput', 'id'],
  recordEnergyAudits: ['audits', 'EnergyAuditInput', 'id'],
  recordMeteringReviews: ['reviews', 'MeteringReviewInput', 'id'],
  archiveInspections: ['inspections', 'InspectionInput', 'id'],
} as const;
export type Mutation = keyof typeof MUTATIONS;

/** Rows of which one value is not allowed, and what is wrong with it. */
// prettier-ignore
export const BAD_VALUES: readonly [Mutation, string, object][] = [
  ['registerEnterprises', 'a check character that is wrong', anEnterprise({ uscc: USCC_A.slice(0, 17) + 'H' })],
  ['registerEnterprises', 'a letter that the code has not', anEnterprise({ uscc: 'I1310101HUB000011G' })],
  ['registerEnterprises', 'a negative quantity', anEnterprise({ annualTce: '-1' })],
  ['registerEnterprises', 'an industry that is none', anEnterprise({ industry: 'Z' })],
  ['registerEnterprises', 'a class that is none', anEnterprise({ unitClass: 'YIJIA' })],
  ['registerEnterprises', 'no name', anEnterprise({ name: '' })],
  ['registerEnterprises', 'a NUL in the name', anEnterprise({ name: 'a\u0000b' })],
  ['registerEnterprises', 'an area that is none', anEnterprise({ area: '3101' })],
  ['registerBuildings', 'a code of another form', aBuilding({ id: '310101I001' })],
  ['registerBuildings', 'a code of another area than its own', aBuilding({ id: '310104A009', area: '310101' })],
  ['registerBuildings', 'another type than its code says', aBuilding({ typeCode: 'B' })],
  ['registerBuildings', 'a type that is none', aBuilding({ typeCode: 'Y' })],
  ['registerBuildings', 'a negative area', aBuilding({ floorAreaM2: '-0.5' })],
  ['registerBuildings', 'no area at all', aBuilding({ floorAreaM2: '0' })],
  ['registerBuildings', 'nobody in it', aBuilding({ occupancy: [{ validFrom: '2026-01-01', persons: 0 }] })],
  ['registerBuildings', 'two numbers of persons from one day', aBuilding({ occupancy: [1, 2].map((persons) => ({ validFrom: '2026-01-01', persons })) })],
  ['registerBuildings', 'a year that no smallint holds', aBuilding({ yearBuilt: 40_000 })],
  ['registerBuildings', 'an owner who cannot be one', aBuilding({ ownerUscc: '' })],
  ['registerMeters', 'a level that is none', aMeter({ level: 4 })],
  ['registerMeters', 'an interval that divides no hour', aMeter({ intervalMinutes: 7 })],
  ['registerMeters', 'an item of six characters', aMeter({ energyItem: '01A000' })],
  ['registerMeters', 'an id with a space', aMeter({ id: 'a b' })],
  ['registerMeters', 'a time zone that is none', aMeter({ timeZone: 'Asia/Shangai' })],
  ['recordEnergyAudits', 'a negative intensity', anAudit({ energyUseKwhPerM2: '-1' })],
  ['recordEnergyAudits', 'more than a hundred per cent', anAudit({ savingPotentialPercent: '100.1' })],
  ['recordEnergyAudits', 'a year before there were any', anAudit({ year: 1900 })],
  ['recordEnergyAudits', 'a day that no calendar has', anAudit({ completedOn: '2025-02-30' })],
  ['recordMeteringReviews', 'a result that is none', aReview({ result: 'FAILED' })],
  ['recordMeteringReviews', 'fewer non-conformities than none', aReview({ nonconformities: -1 })],
  ['archiveInspections', 'a type that is none', anInspection({ type: 'RAID' })],
  ['archiveInspections', 'a state that is none', anInspection({ state: 'DONE' })],
  ['archiveInspections', 'a hash that is none', anInspection({ taskNumber: 'T-7', documents: [{ name: 'x', sha256: 'AB' }] })],
  ['archiveInspections', 'a severity that is none', anInspection({ taskNumber: 'T-7', findings: [{ description: 'x', severity: 'BAD' }] })],
  ['archiveInspections', 'a task without a number', anInspection({ taskNumber: '' })],
  ['archiveInspections', 'over a hundred findings', anInspection({ findings: Array(101).fill({ description: 'x', severity: 'ADVICE' }) })],
];
