import { areaContains, areaPrefix } from './areas.js';
import { categoryOf, isDuty, isSubjectCategory } from './categories.js';
import { isWhole, limitsOf } from './limits.js';
import {
  openConsents,
  refuse,
  type ConsentFact,
  type Decision,
  type Question,
  type Rule,
  type ScopeFact,
} from './question.js';
import type { LimitedReach, Reach } from './grant.js';

function allow(rule: Rule, scopes: ScopeFact[], reach: Reach, consents: string[] = []): Decision {
  return {
    allowed: true,
    rule: rule.id,
    reason: rule.permits,
    scopes: scopes.map(({ id }) => id),
    consents,
    reach,
  };
}

/**
 * Who got data is bound to erase it when the consent to it ends (Personal Information Protection Law, article 47),
 * whatever has become of its scopes and purposes: so it is always told, and always heard. Of consents it opens nothing.
 */
export const ownErasures: Rule = {
  id: 'erasures/own',
  permits:
    'A tenant reads and acknowledges the notices of erasure given to it, without a scope, whatever for.',
  isDuty: true,
  covers: ({ permission }) => isDuty(categoryOf(permission)),
  decide() {
    return allow(this, [], { areas: [], subjects: [] });
  },
};

/** The hub's own records (batches, packages, tenants, scopes, consents): everybody sees those that name it. */
const isSubjectData = ({ permission }: Question): boolean => isSubjectCategory(categoryOf(permission));

/** A third party reads a subject's data only while that subject's consent is open (seed 003, part 3). */
export const thirdPartyUnderConsent: Rule = {
  id: 'third-party/consent',
  permits:
    'A third party reads the data of enterprises in its scopes that have consented to it, for the purpose they named.',
  covers: (question) => question.caller.tier === 'THIRD_PARTY' && isSubjectData(question),
  decide(question, scopes) {
    if (question.permission.endsWith(':write'))
      return refuse(this.id, 'SCOPE_MISSING', scopes, 'Third parties write nothing.');
    const uses = usesOf(question, scopes);
    if (uses.length === 0) return refuse(this.id, 'CONSENT_REQUIRED', scopes);
    const reach = { areas: [], subjects: [], limited: distinct(uses.map(({ limited }) => limited)) };
    return allow(this, scopes, reach, [...new Set(uses.map(({ consent }) => consent.id))]);
  },
};

/** Enterprises have the right to query their own data (seed 000, article 7). */
export const enterpriseOwnData: Rule = {
  id: 'enterprise/own',
  permits: 'An enterprise reads and reports its own data.',
  covers: ({ caller }) => caller.tier === 'ENTERPRISE',
  decide(question, scopes) {
    const { uscc } = question.caller;
    if (!uscc)
      return refuse(this.id, 'SCOPE_MISSING', scopes, 'The tenant has no unified social credit code.');
    const limited = scopes.flatMap((scope) => narrowed(question, scope, { area: '', subject: uscc }));
    if (limited.length === 0) return refuse(this.id, 'SCOPE_MISSING', scopes);
    return allow(this, scopes, reachOf(limited));
  },
};

/** A platform sees its own area and what nests in it, as its scopes say; beside and above it only statistics. */
export const platformOwnArea: Rule = {
  id: 'platform/area',
  permits: 'A platform works with the data of its own area and the areas nested in it, as its scopes say.',
  covers: ({ caller }) => ['NATIONAL', 'MUNICIPAL', 'DISTRICT'].includes(caller.tier),
  decide(question, scopes) {
    const { area: own } = question.caller;
    const limited = scopes
      .filter(({ area }) => areaContains(own, area))
      .flatMap((scope) => narrowed(question, scope, { area: areaPrefix(scope.area), subject: null }));
    if (limited.length === 0) return refuse(this.id, 'AREA_OUT_OF_REACH', scopes);
    return allow(this, scopes, reachOf(limited));
  },
};

/**
 * A city exchanges the figures of all its districts with each of them (seed 000, article 8). They tell of nobody: what
 * would is withheld before they are published. So a scope for them may name areas beside and above the tenant's own.
 */
export const publishedStatistics: Rule = {
  id: 'statistics/published',
  permits:
    'A platform or an enterprise reads the published statistics of the areas that its scopes name, wherever they lie.',
  covers: ({ caller, permission }) => permission === 'statistics:read' && caller.tier !== 'THIRD_PARTY',
  decide(question, scopes) {
    const limited = scopes.flatMap((scope) =>
      narrowed(question, scope, { area: areaPrefix(scope.area), subject: null }),
    );
    if (limited.length === 0) return refuse(this.id, 'SCOPE_MISSING', scopes);
    return allow(this, scopes, reachOf(limited));
  },
};

/**
 * Who supplies energy reports what it measured at its customers (seed 002, 3.2). It asks nobody's consent for what it
 * knows itself, and gets nothing by it: it reads its own uploads and no more, whatever its customers consent to.
 */
export const supplierReports: Rule = {
  id: 'supplies/supplier',
  permits:
    'A supplier of energy reports what it supplied in the areas and of the energy kinds that its scopes name.',
  covers: ({ caller, permission }) =>
    permission === 'supplies:write' || (permission === 'supplies:approve' && caller.tier === 'THIRD_PARTY'),
  decide(question, scopes) {
    const { caller, permission } = question;
    if (permission !== 'supplies:write')
      return refuse(this.id, 'SCOPE_MISSING', scopes, 'Third parties link no customers.');
    if (caller.tier !== 'ENTERPRISE' && caller.tier !== 'THIRD_PARTY')
      return refuse(this.id, 'SCOPE_MISSING', scopes, 'Only a supplier itself reports what it supplied.');
    const limited = scopes.flatMap((scope) =>
      narrowed(question, scope, { area: areaPrefix(scope.area), subject: null }),
    );
    if (limited.length === 0) return refuse(this.id, 'SCOPE_MISSING', scopes);
    return allow(this, scopes, reachOf(limited));
  },
};

/** Records of the hub that name the caller itself, such as its batches; the room matches them by tenant. */
export const ownRecords: Rule = {
  id: 'records/own',
  permits: 'A tenant works with the hub’s records that name it: its batches, packages and receipts.',
  covers: (question) => question.caller.tier === 'THIRD_PARTY' && !isSubjectData(question),
  decide(_question, scopes) {
    return allow(this, scopes, { areas: [], subjects: [] });
  },
};

/** What one scope covers of the rows in an area or about a subject: one limited reach, or nothing. */
function narrowed(
  { permission }: Question,
  scope: ScopeFact,
  rows: { area: string; subject: string | null },
  consent?: ConsentFact,
): LimitedReach[] {
  const limits = limitsOf(categoryOf(permission), scope, consent);
  return limits ? [{ ...rows, ...limits }] : [];
}

/** Each scope with each consent that it may be used under, and the rows that they cover together. */
function usesOf(question: Question, scopes: ScopeFact[]): { consent: ConsentFact; limited: LimitedReach }[] {
  return openConsents(question).flatMap((consent) =>
    scopes
      .filter((scope) => areaContains(scope.area, consent.area))
      .flatMap((scope) => {
        const rows = { area: areaPrefix(scope.area), subject: consent.subject };
        return narrowed(question, scope, rows, consent).map((limited) => ({ consent, limited }));
      }),
  );
}

/** Reaches without limits are areas and subjects: the database tells them from the row alone. */
function reachOf(all: LimitedReach[]): Reach {
  const whole = all.filter(isWhole);
  const limited = distinct(all.filter((reach) => !isWhole(reach)));
  return {
    areas: [...new Set(whole.filter(({ subject }) => subject === null).map(({ area }) => area))],
    subjects: [...new Set(whole.flatMap(({ subject }) => subject ?? []))],
    ...(limited.length > 0 && { limited }),
  };
}

function distinct(limited: LimitedReach[]): LimitedReach[] {
  return [...new Map(limited.map((reach) => [JSON.stringify(reach), reach])).values()];
}

/** The first rule that covers a question decides it. */
export const RULES: readonly Rule[] = [
  ownErasures,
  supplierReports,
  thirdPartyUnderConsent,
  ownRecords,
  publishedStatistics,
  enterpriseOwnData,
  platformOwnArea,
];
