import type { DemoBuilding } from './buildings.js';
import { addDays, yearOf } from './calendar.js';
import type { DemoEnterprise } from './enterprises.js';
import { pick, randomFor, wholeBetween, type Random } from './randomness.js';
import { yearlyKwhPerM2 } from './readings.js';

/** A building energy audit (建筑能源审计); it has no id yet. */
export interface DemoAudit {
  buildingId: string;
  ownerUscc: string;
  area: string;
  /** The year whose energy use was audited. */
  year: number;
  /** From a walk-through to a detailed audit. */
  level: '一级' | '二级' | '三级';
  auditor: string;
  completedOn: string;
  /** Electricity, one decimal. */
  energyUseKwhPerM2: string;
  /** One decimal. */
  savingPotentialPercent: string;
  conclusion: string;
}

/** An energy metering review (能源计量审查) by JJF 1356. */
export interface DemoReview {
  enterpriseUscc: string;
  area: string;
  year: number;
  leader: string;
  experts: string[];
  basis: 'JJF 1356-2012';
  plannedOn: string;
  /** Null until the site review has taken place. */
  reviewedOn: string | null;
  /** CORRECTION: nonconformities are to be corrected within a month. */
  result: 'PLANNED' | 'PASSED' | 'CORRECTION';
  nonconformities: number;
}

const AUDITORS = ['合成能源审计所（演示）', '合成建筑节能检测中心（演示）', '合成绿建咨询（演示）'];
const EXPERTS = ['演示专家甲', '演示专家乙', '演示专家丙', '演示专家丁', '演示专家戊', '演示专家己'];

function audit(building: DemoBuilding, year: number): DemoAudit {
  const random = randomFor('audit', building.id, year);
  const use = yearlyKwhPerM2(building) * (0.97 + random() * 0.06);
  const saving = wholeBetween(random, 30, 220);
  const verdict =
    saving < 80 ? '用能水平较好' : saving < 150 ? '用能水平一般，有节能空间' : '用能偏高，建议改造';
  return {
    buildingId: building.id,
    ownerUscc: building.ownerUscc,
    area: building.area,
    year,
    level: pick(random, ['一级', '二级', '二级', '三级'] as const),
    auditor: pick(random, AUDITORS),
    completedOn: addDays(`${year + 1}-01-01`, wholeBetween(random, 60, 150)),
    energyUseKwhPerM2: use.toFixed(1),
    savingPotentialPercent: (saving / 10).toFixed(1),
    conclusion: `合成结论：${verdict}。`,
  };
}

/**
 * Audits of every other building, some in two years. The year before last is over and audited whatever the day,
 * so that no audit lies ahead of `until`.
 */
export function demoAudits(buildings: readonly DemoBuilding[], until: string): DemoAudit[] {
  const latest = yearOf(until) - 2;
  return buildings
    .filter((_, index) => index % 2 === 0)
    .flatMap((building, index) => [
      ...(index % 3 === 0 ? [audit(building, latest - 1)] : []),
      audit(building, latest),
    ]);
}

function threeDifferent(random: Random): [string, ...string[]] {
  const first = Math.floor(random() * EXPERTS.length);
  return [0, 1, 2].map((step) => EXPERTS[(first + step) % EXPERTS.length]) as [string, ...string[]];
}

function review(enterprise: DemoEnterprise, until: string, index: number): DemoReview {
  const random = randomFor('review', enterprise.uscc, until);
  const [leader, ...experts] = threeDifferent(random);
  // Every fifth is still ahead, the others lie in the last months.
  const plannedOn = addDays(until, index % 5 === 4 ? 20 + index : -30 * (index + 1));
  const reviewedOn = plannedOn > until ? null : addDays(plannedOn, wholeBetween(random, 1, 9));
  const nonconformities = reviewedOn === null ? 0 : index % 4 === 0 ? 0 : wholeBetween(random, 1, 9);
  const result = nonconformities === 0 ? 'PASSED' : 'CORRECTION';
  return {
    enterpriseUscc: enterprise.uscc,
    area: enterprise.area,
    year: yearOf(plannedOn),
    leader,
    experts,
    basis: 'JJF 1356-2012',
    plannedOn,
    reviewedOn,
    result: reviewedOn === null ? 'PLANNED' : result,
    nonconformities,
  };
}

/** Metering reviews of every other enterprise. */
export function demoReviews(enterprises: readonly DemoEnterprise[], until: string): DemoReview[] {
  return enterprises
    .filter((_, index) => index % 2 === 0)
    .map((enterprise, index) => review(enterprise, until, index));
}
