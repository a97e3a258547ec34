import { isNoticed, noticeOf, type PolicyWorld, type QuestionAsked, type Told } from '../model.js';
import { NO_DIMENSIONS } from '../rules.js';
import { type Judge, judgeOf } from '../rulings.js';
import { rowsText } from '../words.js';

/** The hub's own records: everybody's own, and for a platform those of its area. */
export function tellOwnRecords(judge: Judge, told: Told): void {
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
  told['erasures'] = erasuresOf(world, tenant.id, judge);
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

/** Its own notices of erasure everybody is told, whatever else it may; others' whoever may read the consent. */
export function erasuresOf(world: PolicyWorld, tenant: string, judge?: Judge): string {
  const visible = world.consents.filter(
    ({ recipient, area, subject }) =>
      recipient === tenant || judge?.isCovered('consents', { ...NO_DIMENSIONS, area, subject }),
  );
  return rowsText(visible.filter(isNoticed).map(({ id }) => noticeOf(id)));
}

/** The questions whose upload is let in, which leaves a batch. */
export function uploadsOf(world: PolicyWorld): QuestionAsked[] {
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
