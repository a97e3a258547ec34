import {
  type ConsentRow,
  decisionAsked,
  isNoticed,
  noticeOf,
  type PolicyWorld,
  type QuestionAsked,
  type Told,
} from '../model.js';
import { NO_DIMENSIONS } from '../rules.js';
import { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** Who is registered, what was declared and consented to: everybody's own, and for a platform those of its area. */
export function tellRegistry(judge: Judge, asked: QuestionAsked, told: Told): void {
  const { world } = judge;
  const tenants = world.tenants.map(({ id }) => id).filter((id) => isTenantSeen(judge, id));
  const noTenants = judge.refusal('tenants:read');
  told['tenants'] = noTenants ?? rowsText(tenants.map((id) => tenantText(id)));
  told['tenants with certificates that end'] = noTenants ?? rowsText(tenants);
  told['own certificates'] = rowsText([judge.tenant.id]);
  const declared = world.declarations.filter((one) => isOfItsOwn(judge, 'purposes', one.tenant));
  told['purposes'] = rowsText(declared.map(({ id, status }) => `${id} ${decided(status)}`));
  const consents = world.consents.filter((one) => isConsentSeen(judge, one));
  const noConsents = judge.refusal('consents:read');
  told['consents'] = noConsents ?? rowsText(consents.map(consentText));
  told['erasures'] = erasuresOf(world, judge.tenant.id, judge);
  const one = (what: string, id: string, isSeen: boolean, refusal: string | null = null): void => {
    if (id !== 'none') told[`${what} ${id}`] = refusal ?? (isSeen ? 'seen' : 'nothing');
  };
  const { tenantAsked, consentAsked, declarationAsked } = asked;
  one('tenant', tenantAsked, tenants.includes(tenantAsked), noTenants);
  one('declaration', declarationAsked, declared.some(({ id }) => id === declarationAsked)); // prettier-ignore
  one('consent', consentAsked, consents.some(({ id }) => id === consentAsked), noConsents); // prettier-ignore
  const noticed = noticesSeen(world, judge.tenant.id, judge).some(({ id }) => id === consentAsked);
  one('notice of consent', consentAsked, noticed);
  if (tenantAsked !== 'none') told[`decision for ${tenantAsked}`] = decisionFor(judge, asked);
}

/** Why another may do something is told to whoever sees all of what decides that: of a part it would look otherwise. */
function decisionFor(judge: Judge, asked: QuestionAsked): string {
  const { world, tenant, purpose } = judge;
  const its = world.tenants.find(({ id }) => id === asked.tenantAsked)!;
  if (its.id !== tenant.id) {
    const facts = ['tenants', 'purposes', 'scopes', 'consents'];
    if (facts.some((category) => judge.refusal(`${category}:read`))) return 'refused SCOPE_MISSING';
    if (!isTenantSeen(judge, its.id)) return 'refused BAD_USER_INPUT';
    const consents = world.consents.filter(({ recipient }) => recipient === its.id);
    const has = (rows: { tenant: string }[]): boolean => rows.some((row) => row.tenant === its.id);
    const isAllSeen =
      (!has(world.declarations) || isOfItsOwn(judge, 'purposes', its.id)) &&
      (!has(world.scopes) || isOfItsOwn(judge, 'scopes', its.id)) &&
      consents.every((one) => isConsentSeen(judge, one));
    if (!isAllSeen) return 'refused ROW_OUT_OF_REACH access/all-facts';
  }
  return new Judge(world, its, purpose).decision(decisionAsked(asked));
}

function isOfItsOwn(judge: Judge, category: string, tenant: string): boolean {
  const { area } = judge.world.tenants.find(({ id }) => id === tenant)!;
  const isRead = judge.isCovered(category, { ...NO_DIMENSIONS, area, subject: null });
  return tenant === judge.tenant.id || isRead;
}

export function isTenantSeen(judge: Judge, id: string): boolean {
  return isOfItsOwn(judge, 'tenants', id);
}

export function isConsentSeen(judge: Judge, { recipient, area, subject }: ConsentRow): boolean {
  return recipient === judge.tenant.id || judge.isCovered('consents', { ...NO_DIMENSIONS, area, subject });
}

/** Each holds one certificate, whose end was noticed once, and was approved once. */
export function tenantText(id: string, holder = id, noticed = '90', approved = '12'): string {
  return `${id} holds that of ${holder}, noticed ${noticed}, approved for ${approved}`;
}

/** What was decided about a declaration: nothing as long as it is only declared. */
export function decided(status: string): string {
  return status === 'DECLARED' ? '' : status;
}

/** Of consents that were taken back, recipients have said that they erased what they had. */
export function isErased({ status }: Pick<ConsentRow, 'status'>): boolean {
  return status === 'REVOKED';
}

function consentText(consent: ConsentRow): string {
  return `${consent.id} ${consent.status}${isNoticed(consent) ? ` ${noticeText(consent)}` : ''}`;
}

function noticeText(consent: ConsentRow): string {
  return `${noticeOf(consent.id)}${isErased(consent) ? ' erased' : ''}`;
}

/** Its own notices of erasure everybody is told, whatever else it may; others' whoever may read the consent. */
export function erasuresOf(world: PolicyWorld, tenant: string, judge?: Judge): string {
  return rowsText(noticesSeen(world, tenant, judge).map(noticeText));
}

function noticesSeen(world: PolicyWorld, tenant: string, judge?: Judge): ConsentRow[] {
  const isSeen = (one: ConsentRow): boolean =>
    one.recipient === tenant || (judge !== undefined && isConsentSeen(judge, one));
  return world.consents.filter((one) => isNoticed(one) && isSeen(one));
}
