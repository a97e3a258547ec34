import type { QuestionAsked, Told } from '../model.js';
import { type Row, rowOfBuilding, rowOfEnterprise, rowOfMeter, rowOfPlace } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';
import { isApplicationSeen } from './applications.js';

export function tellSubjectData(judge: Judge, told: Told): void {
  const { world } = judge;
  const list = (category: string, rows: { id: string; row: Row }[]): void => {
    const judged = rows.map(({ id, row }) => ({ id, isVisible: judge.isCovered(category, row) }));
    told[category] = judge.listed(category, judged);
  };
  list(
    'enterprises',
    world.enterprises.map(({ uscc }) => ({ id: uscc, row: rowOfEnterprise(world, uscc) })),
  );
  list(
    'buildings',
    world.buildings.map(({ id }) => ({ id, row: rowOfBuilding(world, id) })),
  );
  list(
    'meters',
    world.meters.map((meter) => ({ id: meter.id, row: rowOfMeter(world, meter) })),
  );
  list(
    'audits',
    world.audits.map(({ id, building }) => ({ id, row: rowOfBuilding(world, building) })),
  );
  list(
    'reviews',
    world.reviews.map(({ id, enterprise }) => ({ id, row: rowOfEnterprise(world, enterprise) })),
  );
  list(
    'inspections',
    // Its document and its finding go by its name.
    world.inspections.map(({ id, enterprise }) => ({ id: `${id} with ${id} and ${id}`, row: rowOfEnterprise(world, enterprise) })), // prettier-ignore
  );
  const days = world.meters.flatMap((meter) => judge.readingOf(meter) ?? []);
  told['readings'] = judge.refusal('readings:read') ?? rowsText(days);
}

/** What stands beside a row that is seen: withheld with a reason, or as empty as if it were not there. */
export function tellNeighbours(judge: Judge, told: Told): void {
  const { world } = judge;
  const enterprise = (uscc: string): string =>
    judge.beside('enterprises', rowOfEnterprise(world, uscc), uscc);
  const building = (id: string): string => judge.beside('buildings', rowOfBuilding(world, id), id);
  const list = (category: string, rows: { id: string; row: Row }[]): string =>
    judge.listed(
      category,
      rows.map(({ id, row }) => ({ id, isVisible: judge.isCovered(category, row) })),
    );
  for (const { id, owner, ownerBefore } of world.buildings) {
    if (!judge.isCovered('buildings', rowOfBuilding(world, id))) continue;
    told[`owner of building ${id}`] = enterprise(owner);
    const sold = ownerBefore && isCoveredThen(judge, 'buildings', rowOfBuilding(world, id), { subject: ownerBefore }); // prettier-ignore
    told[`earlier owners of building ${id}`] = rowsText(sold ? [ownerBefore] : []);
    const inside = world.meters.filter((meter) => meter.building === id);
    told[`meters of building ${id}`] = list(
      'meters',
      inside.map((meter) => ({ id: meter.id, row: rowOfMeter(world, meter) })),
    );
  }
  for (const { uscc, before } of world.enterprises) {
    if (!judge.isCovered('enterprises', rowOfEnterprise(world, uscc))) continue;
    const moved =
      before && isCoveredThen(judge, 'enterprises', rowOfEnterprise(world, uscc), { area: before });
    told[`earlier areas of enterprise ${uscc}`] = rowsText(moved ? [before] : []);
    const owned = world.buildings.filter(({ owner }) => owner === uscc);
    told[`buildings of enterprise ${uscc}`] = list(
      'buildings',
      owned.map(({ id }) => ({ id, row: rowOfBuilding(world, id) })),
    );
    const inspected = world.inspections.filter((inspection) => inspection.enterprise === uscc);
    told[`inspections of enterprise ${uscc}`] = list(
      'inspections',
      inspected.map(({ id }) => ({ id, row: rowOfEnterprise(world, uscc) })),
    );
  }
  for (const meter of world.meters) {
    const row = rowOfMeter(world, meter);
    if (!judge.isCovered('meters', row)) continue;
    told[`owner of meter ${meter.id}`] = enterprise(row.subject!);
    if (meter.building) told[`building of meter ${meter.id}`] = building(meter.building);
    told[`readings of meter ${meter.id}`] =
      judge.refusal('readings:read') ?? judge.readingOf(meter) ?? 'nothing';
  }
  for (const { id, building: audited } of world.audits)
    if (judge.isCovered('audits', rowOfBuilding(world, audited)))
      told[`building of audit ${id}`] = building(audited);
}

/** What was registered before is seen as it was then, by who sees what is registered now. */
export function isCoveredThen(judge: Judge, category: string, now: Row, then: Partial<Row>): boolean {
  return judge.isCovered(category, { ...now, ...then }, 'read', now);
}

/** Asked for by its id, an object is seen or as if it were not there. */
export function tellById(judge: Judge, { ids }: QuestionAsked, told: Told): void {
  const { world } = judge;
  for (const id of ids) {
    const isVisible =
      world.enterprises.some(
        ({ uscc }) => uscc === id && judge.isCovered('enterprises', rowOfEnterprise(world, id)),
      ) ||
      world.buildings.some(
        (one) => one.id === id && judge.isCovered('buildings', rowOfBuilding(world, id)),
      ) ||
      world.meters.some((one) => one.id === id && judge.isCovered('meters', rowOfMeter(world, one))) ||
      world.applications.some((one) => one.id === id && isApplicationSeen(judge, one)) ||
      world.editions.some((one) => one.id === id && judge.isCovered('statistics', rowOfPlace(one.area)));
    told[`by id ${id}`] = isVisible ? 'seen' : 'not seen';
  }
}
