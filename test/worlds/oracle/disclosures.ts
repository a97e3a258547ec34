import type { PolicyWorld, QuestionAsked, Told } from '../model.js';
import { NO_DIMENSIONS, type Row, rowOfBuilding, rowOfEnterprise, rowOfMeter } from '../rules.js';
import { type Judge, judgeOf } from '../rulings.js';
import { rowsText } from '../words.js';
import { isApplicationSeen, subjectsOf } from './applications.js';
import { correctedIn, isCorrectionSeen } from './corrections.js';
import { keyUnitsSeen, progressRefusal } from './progress.js';
import { isComparable, isSupplySeen, suppliesIn } from './supplies.js';
import { isInMonth } from './traffic.js';

/** Whose data a question is told, by category and area: what the ledger has to name for the subject. */
export function toldAbout(world: PolicyWorld, question: QuestionAsked): string[] {
  const judge = judgeOf(world, question);
  if (!judge) return [];
  const isPackageGiven = judge.refusal('packages:read', 'readings:read') === null;
  const about = new Set<string>();
  const add = (category: string, row: Row, isTold = judge.isCovered(category, row)): void => {
    // What somebody is told of itself is disclosed to nobody.
    if (isTold && row.subject !== judge.tenant.uscc)
      about.add(`${judge.tenant.id}: ${category} of ${row.subject} in ${row.area}`);
  };
  for (const { uscc } of world.enterprises) add('enterprises', rowOfEnterprise(world, uscc));
  for (const { id } of world.buildings) add('buildings', rowOfBuilding(world, id));
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
  for (const meter of world.meters) {
    add('quality', rowOfMeter(world, meter));
    add('meters', rowOfMeter(world, meter));
    // A package names the meters that have no readings, too.
    const isRead = world.readings.some((reading) => reading.meter === meter.id);
    if (isRead || isPackageGiven) add('readings', rowOfMeter(world, meter));
    const isByMonth = judge.finest('readings', rowOfMeter(world, meter)) === 'MONTH';
    add('readings', rowOfMeter(world, meter), isByMonth && (isPackageGiven || isInMonth(judge, meter)));
  }
  return [...about];
}

/** Nothing is told that the ledger does not name, and who may see the disclosures about a subject sees them. */
export function tellDisclosures(judge: Judge, { subjects }: QuestionAsked, told: Told): void {
  const { world } = judge;
  told['told and not in the ledger'] = rowsText([]);
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
