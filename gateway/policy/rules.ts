import { categoryOf, type Category } from './categories.js';
import {
  areasWithin,
  openConsents,
  refuse,
  type Decision,
  type Question,
  type Rule,
  type ScopeFact,
} from './question.js';
import type { Reach } from './grant.js';

/** Data about enterprises, for which the law asks for the subject's consent before a third party gets it. */
const SUBJECT_DATA: ReadonlySet<Category> = new Set([
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'audits',
  'reviews',
  'inspections',
]);

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

/** The hub's own records (batches, packages, tenants, scopes, consents): everybody sees those that name it. */
const isSubjectData = ({ permission }: Question): boolean => SUBJECT_DATA.has(categoryOf(permission));

/** A third party reads a subject's data only while that subject's consent is open (seed 003, part 3). */
export const thirdPartyUnderConsent: Rule = {
  id: 'third-party/consent',
  permits:
    'A third party reads the data of enterprises in its scopes that have consented to it, for the purpose they named.',
  covers: (question) => question.caller.tier === 'THIRD_PARTY' && isSubjectData(question),
  decide(question, scopes) {
    if (question.permission.endsWith(':write'))
      return refuse(this.id, 'SCOPE_MISSING', scopes, 'Third parties write nothing.');
    const consents = openConsents(question, scopes);
    if (consents.length === 0) return refuse(this.id, 'CONSENT_REQUIRED', scopes);
    const subjects = [...new Set(consents.map(({ subject }) => subject))];
    return allow(
      this,
      scopes,
      { areas: [], subjects },
      consents.map(({ id }) => id),
    );
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
    return allow(this, scopes, { areas: [], subjects: [uscc] });
  },
};

/** A platform sees its own area and what nests in it, as its scopes say; beside and above it only statistics. */
export const platformOwnArea: Rule = {
  id: 'platform/area',
  permits: 'A platform works with the data of its own area and the areas nested in it, as its scopes say.',
  covers: ({ caller }) => ['NATIONAL', 'MUNICIPAL', 'DISTRICT'].includes(caller.tier),
  decide(question, scopes) {
    const areas = areasWithin(question.caller.area, scopes);
    if (areas.length === 0) return refuse(this.id, 'AREA_OUT_OF_REACH', scopes);
    return allow(this, scopes, { areas, subjects: [] });
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

/** The first rule that covers a question decides it. */
export const RULES: readonly Rule[] = [
  thirdPartyUnderConsent,
  ownRecords,
  enterpriseOwnData,
  platformOwnArea,
];
