import type { ApplicationRow, QuestionAsked, Told } from '../model.js';
import { NO_DIMENSIONS, rowOfEnterprise } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** Who applies sees what it applied for; a platform what lies in its area, an enterprise what is about itself. */
export function isApplicationSeen(judge: Judge, { applicant, area, subject }: ApplicationRow): boolean {
  if (judge.refusal('applications:read')) return false;
  return (
    applicant === judge.tenant.id || judge.isCovered('applications', { ...NO_DIMENSIONS, area, subject })
  );
}

/** Steps that it has taken so far, and whether it was certified. */
export function historyOf({ state }: ApplicationRow): { acts: string[]; isCertified: boolean } {
  return { acts: state === 'DRAFT' ? [] : ['SUBMIT'], isCertified: state === 'CONNECTED' };
}

export function applicationText(
  { id, state, units }: Pick<ApplicationRow, 'id' | 'state' | 'units'>,
  { acts, isCertified }: { acts: string[]; isCertified: boolean },
  handler: string,
): string {
  const parts = [`${id} ${state} by ${handler}`, `for ${units.toSorted().join(' ')}`, ...acts];
  return [...parts, ...(isCertified ? ['certified'] : [])].join(' ');
}

/** Form, list of units, steps and certificates go with the application, however it is asked for. */
export function tellApplications(judge: Judge, { applications }: QuestionAsked, told: Told): void {
  const { world } = judge;
  const refusal = judge.refusal('applications:read');
  const seen = world.applications.filter((one) => isApplicationSeen(judge, one));
  const texts = seen.map((one) => applicationText(one, historyOf(one), handlerOf(one)));
  told['applications'] = refusal ?? rowsText(texts);
  for (const id of applications) {
    const its = seen.find((one) => one.id === id);
    told[`application ${id}`] = refusal ?? (its ? 'seen' : 'nothing');
    told[`units of application ${id}`] = refusal ?? rowsText(its?.units ?? []);
    told[`changes of application ${id}`] = refusal ?? (its ? 'rows ' : 'refused NOT_FOUND');
    // In TEST nobody has registered any meter of theirs.
    told[`readiness of application ${id}`] = refusal ?? (its ? rowsText(its.units) : 'refused NOT_FOUND');
  }
}

/** Whom the form of the certificate names (annex 7). */
export function handlerOf({ id }: Pick<ApplicationRow, 'id'>): string {
  return `handler-of-${id.slice(-6)}`;
}

/** Whose data an application tells of: whom it connects, and the units of its list. */
export function subjectsOf(judge: Judge, { area, subject, units }: ApplicationRow) {
  const listed = units.map((uscc) => rowOfEnterprise(judge.world, uscc));
  return subject ? [{ ...NO_DIMENSIONS, area, subject }, ...listed] : listed;
}
