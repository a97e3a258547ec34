import type { PolicyWorld, QuestionAsked, Told } from '../model.js';
import { NO_DIMENSIONS } from '../rules.js';
import { type Judge, judgeOf } from '../rulings.js';

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
    'scopes',
    world.scopes.map(({ id, tenant: of }) => ({
      id,
      isVisible: of === tenant.id || inArea('scopes', areaOf(of), null),
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
    packagesOf(world).map(({ tenant: of, purpose, isAcknowledged }) => ({
      id: `${of} ${purpose}${isAcknowledged ? ' acknowledged' : ''}`,
      isVisible: of === tenant.id,
    })),
  );
}

/** The questions whose upload is let in, which leaves a batch. */
export function uploadsOf(world: PolicyWorld): QuestionAsked[] {
  return world.questions.filter((question) => {
    const judge = judgeOf(world, question);
    return judge !== null && judge.refusal('readings:write') === null;
  });
}

/** Who was given a package of the day, and for which purpose. */
function packagesOf(world: PolicyWorld): { tenant: string; purpose: string; isAcknowledged: boolean }[] {
  return world.questions.flatMap((question) => {
    const judge = judgeOf(world, question);
    if (judge === null || judge.refusal('packages:read', 'readings:read')) return [];
    const isAcknowledged = judge.refusal('packages:write') === null;
    return [{ tenant: question.tenant, purpose: judge.purpose, isAcknowledged }];
  });
}
