import { Refusal } from '../../../gateway/errors.js';
import { isPermission } from '../../../gateway/policy/categories.js';
import { decide } from '../../../gateway/policy/decide.js';
import type { Decision } from '../../../gateway/policy/question.js';
import type { Reach, Tier } from '../../../gateway/policy/grant.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';
import type { Tenant } from '../entities.js';
import type { PurposeDeclaration } from '../purposes/entities.js';
import type { AccessDecisionArguments } from './inputs.js';
import type { AccessDecision } from './entities.js';
import type { AccessFacts } from './repository.js';

/** The same policy that guards every request, asked about one tenant, category and purpose, in words. */
export function explainAccess(
  tenant: Tenant,
  { declarations, scopes, consents }: AccessFacts,
  asked: AccessDecisionArguments & { purpose: string },
): AccessDecision {
  const permission = `${asked.category}:${asked.action}`;
  if (!isPermission(permission)) {
    throw new Refusal('BAD_USER_INPUT', { message: `${permission} is no category and action of the hub.` });
  }
  if (!isPurpose(asked.purpose)) throw new Refusal('PURPOSE_UNKNOWN');
  const caller = { tier: tenant.tier as Tier, area: tenant.area, uscc: tenant.uscc };
  const facts = { declarations: declarations.filter(isApproved), scopes, consents };
  const decision = decide({ caller, ...facts, permission, purpose: asked.purpose, now: new Date() });
  return about({ permission, ...explained(decision) }, asked);
}

export function isApproved({ status }: PurposeDeclaration): boolean {
  return status === 'APPROVED';
}

function explained(decision: Decision): Omit<AccessDecision, 'permission'> {
  const { allowed, rule, reason, scopes } = decision;
  return decision.allowed
    ? {
        allowed,
        rule,
        reason,
        scopes,
        code: null,
        remedy: null,
        consents: decision.consents,
        ...placesOf(decision.reach),
      }
    : {
        allowed,
        rule,
        reason,
        scopes,
        code: decision.code,
        remedy: decision.remedy,
        consents: [],
        areas: [],
        subjects: [],
      };
}

/** Where and whom a reach covers, whatever limits it there. */
function placesOf({ areas, subjects, limited = [] }: Reach): Pick<AccessDecision, 'areas' | 'subjects'> {
  const within = limited.filter(({ subject }) => subject === null).map(({ area }) => area);
  return {
    areas: [...new Set([...areas, ...within])],
    subjects: [...new Set([...subjects, ...limited.flatMap(({ subject }) => subject ?? [])])],
  };
}

/** Narrows a yes to one subject or place: the rows outside the reach are as if absent, and this says so. */
function about(answer: AccessDecision, { subject, area }: AccessDecisionArguments): AccessDecision {
  if (!answer.allowed || (!subject && !area)) return answer;
  const isSubject = Boolean(subject && answer.subjects.includes(subject));
  const isInArea = Boolean(area && answer.areas.some((prefix) => area.startsWith(prefix)));
  if (isSubject || isInArea || answer.areas.includes('')) return answer;
  const goesByArea = answer.areas.length > 0;
  const code = goesByArea ? 'ROW_OUT_OF_REACH' : 'CONSENT_REQUIRED';
  return {
    ...answer,
    allowed: false,
    code,
    remedy: goesByArea ? remedyByArea(area) : 'Ask that enterprise for its consent (hub consent add).',
    reason: 'The category is allowed, but not for this subject or area.',
  };
}

function remedyByArea(area: string | null | undefined): string {
  return area
    ? 'A scope for that area, within the tenant’s own.'
    : 'Say area: as well; a platform’s reach goes by area.';
}
