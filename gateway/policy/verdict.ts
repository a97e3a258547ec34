import { ERRORS, type ErrorCode } from '../errors.js';
import { areaContains, areaPrefix } from './areas.js';
import { decide } from './decide.js';
import type { Reach } from './grant.js';
import type { Decision, Question } from './question.js';
import {
  actOfPermission,
  certificateState,
  standingRefusal,
  type CertificateState,
  type TenantState,
} from './standing.js';

/** Rows, as far as somebody asks about them; null is any. */
export interface Row {
  /** GB/T 2260: all of this area. */
  area: string | null;
  subject: string | null;
  energyKind: string | null;
  buildingType: string | null;
  meterLevel: number | null;
}

export interface CertificateFact {
  id: string;
  status: string;
  notBefore: string;
  notAfter: string;
}

/** A question about a tenant's access, with all that the answer depends on. */
export interface Case extends Question {
  standing: TenantState;
  certificates: CertificateFact[];
  row: Row;
}

export interface Verdict {
  allowed: boolean;
  rule: string;
  reason: string;
  code: ErrorCode | null;
  scopes: string[];
  consents: string[];
  /** What the permission covers, whether or not the row asked about is among it. */
  reach: Reach;
}

const NOTHING: Reach = { areas: [], subjects: [] };

/** What a request would come to: the tenant's standing, then the policy itself, then whether it covers the row. */
export function judge(it: Case): Verdict {
  const outside = refusedByStanding(it);
  if (outside) return outside;
  const decision = decide({ ...it, consents: consentsAskedAbout(it) });
  if (!decision.allowed) return refusedByPolicy(decision, it);
  const { rule, reason, scopes, consents, reach } = decision;
  const verdict = { allowed: true, rule, reason, code: null, scopes, consents, reach };
  if (covers(reach, it.row)) return verdict;
  return {
    ...verdict,
    allowed: false,
    code: 'ROW_OUT_OF_REACH',
    reason: 'The category is allowed, but not for what is asked about.',
  };
}

function refusedByStanding({ standing, certificates, permission, now }: Case): Verdict | undefined {
  const code = standingRefusal(standing, bestOf(certificates, now), actOfPermission(permission));
  if (!code) return undefined;
  const rule = code === 'TENANT_INACTIVE' ? 'identity/tenant' : 'identity/registered';
  const reason = code === 'TENANT_INACTIVE' ? `The tenant is ${standing}.` : ERRORS[code][1];
  return { allowed: false, rule, reason, code, scopes: [], consents: [], reach: NOTHING };
}

/** One good certificate is enough; of several bad ones the newest says what is wrong. */
function bestOf(certificates: CertificateFact[], now: Date): CertificateState {
  const newestFirst = certificates.toSorted((one, other) => other.notBefore.localeCompare(one.notBefore));
  const states = newestFirst.map((certificate) => certificateState(certificate, now));
  return states.includes('ACTIVE') ? 'ACTIVE' : (states[0] ?? 'UNREGISTERED');
}

function consentsAskedAbout({ consents, row: { subject, area } }: Case): Question['consents'] {
  if (subject !== null) return consents.filter((consent) => consent.subject === subject);
  return area === null ? consents : consents.filter((consent) => areaContains(area, consent.area));
}

function refusedByPolicy(decision: Extract<Decision, { allowed: false }>, { row }: Case): Verdict {
  const { rule, code, scopes } = decision;
  const isOne = code === 'CONSENT_REQUIRED' && row.subject !== null;
  const reason = isOne
    ? `${row.subject} has not consented to this recipient, category and purpose within its scopes.`
    : decision.reason;
  return { allowed: false, rule, reason, code, scopes, consents: [], reach: NOTHING };
}

/** Whether a reach covers all rows that are asked about. */
export function covers({ areas, subjects, limited = [] }: Reach, row: Row): boolean {
  const isIn = (prefix: string): boolean => row.area === null || areaPrefix(row.area).startsWith(prefix);
  const isAbout = (subject: string | null): boolean =>
    subject === null || row.subject === null || subject === row.subject;
  const meets = <T>(limits: T[] | null, value: T | null): boolean =>
    limits === null || value === null || limits.includes(value);
  if (row.area === null && row.subject === null && areas.length + subjects.length + limited.length === 0)
    return row.energyKind === null && row.buildingType === null && row.meterLevel === null;
  return (
    areas.some(isIn) ||
    subjects.some(isAbout) ||
    limited.some(
      (reach) =>
        isIn(reach.area) &&
        isAbout(reach.subject) &&
        meets(reach.energyKinds, row.energyKind) &&
        meets(reach.buildingTypes, row.buildingType) &&
        meets(reach.meterLevels, row.meterLevel),
    )
  );
}
