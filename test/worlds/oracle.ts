import { type PolicyWorld, type QuestionAsked, READING_DAY, type Told } from './model.js';
import { tellApplications } from './oracle/applications.js';
import { tellCorrections } from './oracle/corrections.js';
import { tellDisclosures } from './oracle/disclosures.js';
import { tellMetered } from './oracle/metered.js';
import { tellOwnRecords } from './oracle/own-records.js';
import { tellProgress } from './oracle/progress.js';
import { tellQuality } from './oracle/quality.js';
import { erasuresOf, tellRegistry } from './oracle/registry.js';
import { tellById, tellNeighbours, tellSubjectData } from './oracle/rows.js';
import { tellFigures, tellStatistics } from './oracle/statistics.js';
import { tellSupplies } from './oracle/supplies.js';
import { tellConsumption } from './oracle/sums.js';
import { tellPackage, tellQuarantines, tellUpload } from './oracle/traffic.js';
import { writeOf } from './oracle/writes.js';
import { purposeOf } from './purposes.js';
import { Judge } from './rulings.js';

/**
 * What the hub has to tell somebody at each of its doors, by the rules (rules.ts) and nothing of the hub's own code.
 */
export function oracle(world: PolicyWorld, question: QuestionAsked): Told {
  const tenant = world.tenants.find(({ id }) => id === question.tenant)!;
  const purpose = purposeOf(world, tenant, question.header);
  if (purpose.refused !== null)
    return {
      ...refusedEverywhere(question, `refused ${purpose.refused}`),
      erasures: erasuresOf(world, tenant.id),
    };
  const judge = new Judge(world, tenant, purpose.named);
  const told: Told = {};
  tellSubjectData(judge, told);
  tellOwnRecords(judge, told);
  tellRegistry(judge, question, told);
  tellCorrections(judge, told);
  tellQuality(judge, question, told);
  tellMetered(judge, told);
  tellApplications(judge, question, told);
  tellStatistics(judge, question, told);
  tellFigures(judge, question, told);
  tellProgress(judge, question, told);
  tellSupplies(judge, told);
  tellNeighbours(judge, told);
  tellById(judge, question, told);
  tellDecisions(judge, question, told);
  tellConsumption(judge, told);
  tellUpload(judge, question, told);
  tellQuarantines(judge, question, told);
  tellPackage(judge, told);
  tellDisclosures(judge, question, told);
  for (const { category, id } of question.writes)
    told[`write ${category} ${id}`] = writeOf(judge, category, id);
  return told;
}

function refusedEverywhere({ acknowledges }: QuestionAsked, refusal: string): Told {
  return {
    ...Object.fromEntries(acknowledges.map((id) => [`acknowledge ${id}`, refusal])),
    query: refusal,
    upload: refusal,
    [`package of ${READING_DAY}`]: refusal,
    'missing in the package': refusal,
    'the package of another': refusal,
  };
}

/** Whether something is allowed at all, and by which rule. */
function tellDecisions(judge: Judge, { decisions }: QuestionAsked, told: Told): void {
  for (const permission of decisions) told[`decision ${permission}`] = judge.decision(permission);
}
