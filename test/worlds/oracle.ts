import { type Action, type PolicyWorld, type QuestionAsked, READING_DAY, type Told } from './model.js';
import { NO_DIMENSIONS, purposeOf, type Row, rowOfBuilding, rowOfEnterprise, rowOfMeter } from './rules.js';
import { Judge, judgeOf, sum } from './rulings.js';
import { decimal, hundredths, rowsText } from './words.js';

/**
 * What the hub has to tell somebody at each of its doors, by the rules (rules.ts) and nothing of the hub's own code.
 */
export function oracle(world: PolicyWorld, question: QuestionAsked): Told {
  const tenant = world.tenants.find(({ id }) => id === question.tenant)!;
  const purpose = purposeOf(world, tenant, question.header);
  if (purpose.refused !== null) return refusedEverywhere(`refused ${purpose.refused}`);
  const judge = new Judge(world, tenant, purpose.named);
  const told: Told = {};
  tellSubjectData(judge, told);
  tellOwnRecords(judge, told);
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

function refusedEverywhere(refusal: string): Told {
  return {
    query: refusal,
    upload: refusal,
    [`package of ${READING_DAY}`]: refusal,
    'missing in the package': refusal,
    'the package of another': refusal,
  };
}

function tellSubjectData(judge: Judge, told: Told): void {
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
    world.inspections.map(({ id, enterprise }) => ({ id, row: rowOfEnterprise(world, enterprise) })),
  );
  const days = world.meters.flatMap((meter) => judge.readingOf(meter) ?? []);
  told['readings'] = judge.refusal('readings:read') ?? rowsText(days);
}

/** The hub's own records: everybody's own, and for a platform those of its area. */
function tellOwnRecords(judge: Judge, told: Told): void {
  const { world, tenant } = judge;
  const areaOf = (id: string): string => world.tenants.find((one) => one.id === id)!.area;
  const inArea = (category: string, area: string, subject: string | null): boolean =>
    judge.isCovered(category, { ...NO_DIMENSIONS, area, subject });
  const list = (category: string, rows: { id: string; isVisible: boolean }[]): void => {
    told[category] = judge.listed(category, rows);
  };
  list(
    'tenants',
    world.tenants.map(({ id, area }) => ({
      id,
      isVisible: id === tenant.id || inArea('tenants', area, null),
    })),
  );
  list(
    'scopes',
    world.scopes.map(({ id, tenant: of }) => ({
      id,
      isVisible: of === tenant.id || inArea('scopes', areaOf(of), null),
    })),
  );
  const declarations = world.declarations.filter(
    ({ tenant: of }) => of === tenant.id || inArea('purposes', areaOf(of), null),
  );
  told['purposes'] = rowsText(declarations.map(({ id }) => id));
  list(
    'consents',
    world.consents.map(({ id, recipient, area, subject }) => ({
      id,
      isVisible: recipient === tenant.id || inArea('consents', area, subject),
    })),
  );
  list(
    'batches',
    uploadsOf(world).map(({ tenant: of, uploadDay }) => ({
      id: uploadDay,
      isVisible: of === tenant.id || inArea('batches', areaOf(of), null),
    })),
  );
  list(
    'packages',
    packagesOf(world).map(({ tenant: of, purpose }) => ({
      id: `${of} ${purpose}`,
      isVisible: of === tenant.id,
    })),
  );
}

/** The questions whose upload is let in, which leaves a batch. */
function uploadsOf(world: PolicyWorld): QuestionAsked[] {
  return world.questions.filter((question) => {
    const judge = judgeOf(world, question);
    return judge !== null && judge.refusal('readings:write') === null;
  });
}

/** Who was given a package of the day, and for which purpose. */
function packagesOf(world: PolicyWorld): { tenant: string; purpose: string }[] {
  return world.questions.flatMap((question) => {
    const judge = judgeOf(world, question);
    if (judge === null || judge.refusal('packages:read', 'readings:read')) return [];
    return [{ tenant: question.tenant, purpose: judge.purpose }];
  });
}

/** What stands beside a row that is seen: withheld with a reason, or as empty as if it were not there. */
function tellNeighbours(judge: Judge, told: Told): void {
  const { world } = judge;
  const enterprise = (uscc: string): string =>
    judge.refusal('enterprises:read') ??
    (judge.isCovered('enterprises', rowOfEnterprise(world, uscc)) ? uscc : 'nothing');
  const building = (id: string): string =>
    judge.refusal('buildings:read') ??
    (judge.isCovered('buildings', rowOfBuilding(world, id)) ? id : 'nothing');
  const list = (category: string, rows: { id: string; row: Row }[]): string =>
    judge.listed(
      category,
      rows.map(({ id, row }) => ({ id, isVisible: judge.isCovered(category, row) })),
    );
  for (const { id, owner } of world.buildings) {
    if (!judge.isCovered('buildings', rowOfBuilding(world, id))) continue;
    told[`owner of building ${id}`] = enterprise(owner);
    const inside = world.meters.filter((meter) => meter.building === id);
    told[`meters of building ${id}`] = list(
      'meters',
      inside.map((meter) => ({ id: meter.id, row: rowOfMeter(world, meter) })),
    );
  }
  for (const { uscc } of world.enterprises) {
    if (!judge.isCovered('enterprises', rowOfEnterprise(world, uscc))) continue;
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

/** Asked for by its id, an object is seen or as if it were not there. */
function tellById(judge: Judge, { ids }: QuestionAsked, told: Told): void {
  const { world } = judge;
  for (const id of ids) {
    const isVisible =
      world.enterprises.some(
        ({ uscc }) => uscc === id && judge.isCovered('enterprises', rowOfEnterprise(world, id)),
      ) ||
      world.buildings.some(
        (one) => one.id === id && judge.isCovered('buildings', rowOfBuilding(world, id)),
      ) ||
      world.meters.some((one) => one.id === id && judge.isCovered('meters', rowOfMeter(world, one)));
    told[`by id ${id}`] = isVisible ? 'seen' : 'not seen';
  }
}

/** Whether something is allowed at all, and by which rule. */
function tellDecisions(judge: Judge, { decisions }: QuestionAsked, told: Told): void {
  for (const permission of decisions) {
    const [category = '', action] = permission.split(':');
    told[`decision ${permission}`] =
      judge.refusal(permission) ?? `allowed ${judge.ruling(category, action as Action).rule}`;
  }
}

/** All electricity at the gates: what may be read of meters that may be seen, added up. */
function tellConsumption(judge: Judge, told: Told): void {
  const { world } = judge;
  let total = 0n;
  let meters = 0;
  for (const { meter: id, values } of world.readings) {
    const meter = world.meters.find((one) => one.id === id)!;
    const amount = sum(values);
    if (meter.energyItem !== '01000' || meter.level !== 1 || amount === null) continue;
    const row = rowOfMeter(world, meter);
    if (!judge.isCovered('meters', row) || !judge.isCovered('readings', row)) continue;
    total += hundredths(amount);
    meters += 1;
  }
  told['consumption'] =
    judge.refusal('readings:read', 'meters:read') ?? `${decimal(total)} of ${meters} meters`;
}

/** Line by line: stored, or in quarantine because the meter is another's. */
function tellUpload(judge: Judge, { uploads }: QuestionAsked, told: Told): void {
  const fates = uploads.map((id) => fateOf(judge, id));
  told['upload'] = judge.refusal('readings:write') ?? rowsText(fates);
}

function fateOf(judge: Judge, id: string): string {
  const { world } = judge;
  const meter = world.meters.find((one) => one.id === id);
  if (!meter) return `${id} UNKNOWN_METER`;
  return judge.isCovered('readings', rowOfMeter(world, meter), 'write')
    ? `${id} stored`
    : `${id} FOREIGN_METER`;
}

/** Rejected lines are given to whoever may see the batch. */
function tellQuarantines(judge: Judge, question: QuestionAsked, told: Told): void {
  const { world, tenant } = judge;
  for (const other of uploadsOf(world).filter(({ uploadDay }) => question.batches.includes(uploadDay))) {
    const uploader = world.tenants.find(({ id }) => id === other.tenant)!;
    const row = { ...NO_DIMENSIONS, area: uploader.area, subject: null };
    const isVisible = other.tenant === tenant.id || judge.isCovered('batches', row);
    const lines = other.uploads.filter((id) => !fateOf(judgeOf(world, other)!, id).endsWith('stored'));
    told[`quarantine of ${other.uploadDay}`] =
      judge.refusal('batches:read') ?? (isVisible ? rowsText(lines) : 'refused NOT_FOUND');
  }
}

/** The day’s package: the same days as GraphQL gives, and which meters have none. */
function tellPackage(judge: Judge, told: Told): void {
  const { world } = judge;
  const refusal = judge.refusal('packages:read', 'readings:read');
  const missing = world.meters.filter(
    (meter) =>
      !world.readings.some((reading) => reading.meter === meter.id) &&
      judge.isCovered('readings', rowOfMeter(world, meter)),
  );
  const days = world.meters.flatMap((meter) => judge.readingOf(meter) ?? []);
  told[`package of ${READING_DAY}`] = refusal ?? rowsText(days);
  told['missing in the package'] = refusal ?? rowsText(missing.map(({ id }) => `${id} NOT_UPLOADED`));
  told['the package of another'] = refusal ?? 'refused NOT_FOUND';
}

/** Whose data a question is told, by category and area: what the ledger has to name for the subject. */
export function toldAbout(world: PolicyWorld, question: QuestionAsked): string[] {
  const judge = judgeOf(world, question);
  if (!judge) return [];
  const isPackageGiven = judge.refusal('packages:read', 'readings:read') === null;
  const about = new Set<string>();
  const add = (category: string, row: Row): void => {
    // What somebody is told of itself is disclosed to nobody.
    if (row.subject === judge.tenant.uscc) return;
    if (judge.isCovered(category, row))
      about.add(`${judge.tenant.id}: ${category} of ${row.subject} in ${row.area}`);
  };
  for (const { uscc } of world.enterprises) add('enterprises', rowOfEnterprise(world, uscc));
  for (const { id } of world.buildings) add('buildings', rowOfBuilding(world, id));
  for (const { building } of world.audits) add('audits', rowOfBuilding(world, building));
  for (const { enterprise } of world.reviews) add('reviews', rowOfEnterprise(world, enterprise));
  for (const { enterprise } of world.inspections) add('inspections', rowOfEnterprise(world, enterprise));
  for (const meter of world.meters) {
    add('meters', rowOfMeter(world, meter));
    // A package names the meters that have no readings, too.
    const isRead = world.readings.some((reading) => reading.meter === meter.id);
    if (isRead || isPackageGiven) add('readings', rowOfMeter(world, meter));
  }
  return [...about];
}

/** Nothing is told that the ledger does not name, and who may see the disclosures about a subject sees them. */
function tellDisclosures(judge: Judge, { subjects }: QuestionAsked, told: Told): void {
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

/** To register an object again, or to record something about it, is to write it. */
function writeOf(judge: Judge, category: string, id: string): string {
  const { world } = judge;
  const write = `${category}:write`;
  const read = `${category}:read`;
  const done = (row: Row): string =>
    judge.isCovered(category, row, 'write') ? 'done' : 'refused ROW_OUT_OF_REACH rows/reach';
  const unseen = 'refused BAD_USER_INPUT';
  if (category === 'enterprises') return judge.refusal(write, read) ?? done(rowOfEnterprise(world, id));
  if (category === 'buildings') return judge.refusal(write, read) ?? done(rowOfBuilding(world, id));
  if (category === 'audits') {
    const refusal = judge.refusal(write, 'buildings:read', read);
    if (refusal) return refusal;
    return judge.isCovered('buildings', rowOfBuilding(world, id)) ? done(rowOfBuilding(world, id)) : unseen;
  }
  if (category === 'reviews' || category === 'inspections') {
    const refusal = judge.refusal(write, 'enterprises:read', read);
    if (refusal) return refusal;
    return judge.isCovered('enterprises', rowOfEnterprise(world, id))
      ? done(rowOfEnterprise(world, id))
      : unseen;
  }
  const refusal = judge.refusal(write, 'buildings:read', 'enterprises:read', read);
  if (refusal) return refusal;
  const meter = world.meters.find((one) => one.id === id)!;
  const isPlaceSeen = meter.building
    ? judge.isCovered('buildings', rowOfBuilding(world, meter.building))
    : judge.isCovered('enterprises', rowOfEnterprise(world, meter.enterprise!));
  return isPlaceSeen ? done(rowOfMeter(world, meter)) : unseen;
}
