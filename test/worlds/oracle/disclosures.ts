import {
  isNoticed,
  type PolicyWorld,
  type QuestionAsked,
  type Told,
  type WrittenCategory,
} from '../model.js';
import { NO_DIMENSIONS, type Row, rowOfBuilding, rowOfEnterprise, rowOfMeter } from '../rules.js';
import { type Judge, judgeOf } from '../rulings.js';
import { rowsText } from '../words.js';
import { isApplicationSeen, subjectsOf } from './applications.js';
import { correctedIn, isCorrectionSeen } from './corrections.js';
import { addMetered } from './disclosed.js';
import { keyUnitsSeen, progressRefusal } from './progress.js';
import { isConsentSeen, isTenantSeen } from './registry.js';
import { isCoveredThen } from './rows.js';
import { isComparable, isSupplySeen, suppliesIn } from './supplies.js';
import { writeOf } from './writes.js';

/** Whose data a question is told, by category and area: what the ledger has to name for the subject. */
export function toldAbout(world: PolicyWorld, question: QuestionAsked): string[] {
  const judge = judgeOf(world, question);
  if (!judge) return owedTo(world, question.tenant);
  const about = new Set<string>();
  const add = (category: string, row: Row, isTold = judge.isCovered(category, row)): void => {
    // What somebody is told of itself is disclosed to nobody.
    if (isTold && row.subject !== judge.tenant.uscc)
      about.add(`${judge.tenant.id}: ${category} of ${row.subject} in ${row.area}`);
  };
  const addRegistered = (category: string, row: Row, then: Partial<Row> | null): void => {
    add(category, row);
    if (then && judge.isCovered(category, row)) add(category, { ...row, ...then }, isCoveredThen(judge, category, row, then)); // prettier-ignore
  };
  for (const { uscc, before } of world.enterprises)
    addRegistered('enterprises', rowOfEnterprise(world, uscc), before ? { area: before } : null);
  for (const { id, ownerBefore } of world.buildings)
    addRegistered('buildings', rowOfBuilding(world, id), ownerBefore ? { subject: ownerBefore } : null);
  addRegistry(judge, question, add);
  for (const { category, id } of question.writes)
    if (writeOf(judge, category, id) === 'done') add(category, rowOfWritten(world, category, id), true);
  for (const { building } of world.audits) add('audits', rowOfBuilding(world, building));
  for (const { enterprise } of world.reviews) add('reviews', rowOfEnterprise(world, enterprise));
  for (const { enterprise } of world.inspections) add('inspections', rowOfEnterprise(world, enterprise));
  for (const one of correctedIn(world)) add('corrections', one.row, isCorrectionSeen(judge, one));
  for (const one of world.applications)
    if (isApplicationSeen(judge, one))
      for (const row of subjectsOf(judge, one)) add('applications', row, true);
  if (progressRefusal(judge) === null)
    for (const { uscc } of keyUnitsSeen(judge))
      for (const category of ['meters', 'quality']) add(category, rowOfEnterprise(world, uscc), true);
  for (const one of suppliesIn(world)) {
    if (one.link) add('supplies', one.link.row);
    if (one.row.subject !== null && isSupplySeen(judge, one)) add('supplies', one.row, true);
    if (isComparable(judge, one))
      for (const category of ['meters', 'readings']) add(category, one.link!.meter, true);
  }
  addMetered(judge, add);
  return [...about];
}

/** Whose data somebody has to erase it is told, though the rest of what it asks is refused. */
function owedTo(world: PolicyWorld, tenant: string): string[] {
  const { uscc } = world.tenants.find(({ id }) => id === tenant)!;
  const owed = world.consents.filter((one) => one.recipient === tenant && isNoticed(one));
  return owed
    .filter(({ subject }) => subject !== uscc)
    .map(({ subject, area }) => `${tenant}: consents of ${subject} in ${area}`);
}

/** Tenants say by their code whom they are about. A decision is explained by the consents to whoever asks. */
function addRegistry(
  judge: Judge,
  { decisions, tenantAsked }: QuestionAsked,
  add: (category: string, row: Row, isTold: boolean) => void,
): void {
  const { world, tenant } = judge;
  const isRead = judge.refusal('tenants:read') === null;
  for (const { id, area, uscc } of world.tenants)
    if (uscc) add('tenants', { ...NO_DIMENSIONS, area, subject: uscc }, isRead && isTenantSeen(judge, id));
  const isExplained = decisions.length > 0 || tenantAsked === tenant.id;
  const isListed = judge.refusal('consents:read') === null;
  for (const consent of world.consents) {
    const isOwn = consent.recipient === tenant.id;
    const isOwed = isNoticed(consent) && isConsentSeen(judge, consent);
    const isSeen = (isListed && isConsentSeen(judge, consent)) || isOwed || (isOwn && isExplained);
    add('consents', { ...NO_DIMENSIONS, area: consent.area, subject: consent.subject }, isSeen);
  }
}

function rowOfWritten(world: PolicyWorld, category: WrittenCategory, id: string): Row {
  if (category === 'meters')
    return rowOfMeter(
      world,
      world.meters.find((one) => one.id === id)!,
    );
  return category === 'buildings' || category === 'audits'
    ? rowOfBuilding(world, id)
    : rowOfEnterprise(world, id);
}

/** Nothing is told that the ledger does not name, and who may see the disclosures about a subject sees them. */
export function tellDisclosures(judge: Judge, { subjects }: QuestionAsked, told: Told): void {
  const { world } = judge;
  told['told and not in the ledger'] = told['in the ledger and not told'] = rowsText([]);
  for (const subject of subjects) {
    const disclosed = world.questions.flatMap((other) =>
      toldAbout(world, other)
        .filter((about) => about.includes(` of ${subject} in `))
        .filter((about) =>
          judge.isCovered('disclosures', { ...NO_DIMENSIONS, subject, area: about.slice(-6) }),
        ),
    );
    told[`disclosures of ${subject}`] = judge.refusal('disclosures:read') ?? rowsText(disclosed);
  }
}
