import type { ErrorCode } from '../errors.js';
import { ERRORS } from '../errors.js';
import { categoryOf, type Permission } from './categories.js';
import type { Reach, Tier } from './grant.js';
import type { Granularity } from './limits.js';
import type { Purpose } from './purposes.js';

/** What a scope says, as the policy reads it. Times are ISO 8601; null is no limit. */
export interface ScopeFact {
  id: string;
  category: string;
  action: string;
  area: string;
  energyKinds: string[] | null;
  buildingTypes: string[] | null;
  purposes: string[];
  validFrom: string;
  validTo: string | null;
}

export interface ConsentFact {
  id: string;
  subject: string;
  /** Where the subject lies, GB/T 2260. */
  area: string;
  categories: string[];
  energyKinds: string[] | null;
  meterLevels: number[] | null;
  finest: Granularity;
  purpose: string;
  validFrom: string;
  validTo: string;
  status: string;
}

/** A purpose that the tenant declared with its legal basis, and that was approved. */
export interface DeclarationFact {
  id: string;
  purpose: string;
  validFrom: string;
  validTo: string | null;
}

/** All that a decision depends on; nothing is fetched. */
export interface Question {
  caller: { tier: Tier; area: string; uscc: string | null };
  /** Declarations, scopes and consents of this caller alone. */
  declarations: DeclarationFact[];
  scopes: ScopeFact[];
  consents: ConsentFact[];
  permission: Permission;
  purpose: Purpose;
  now: Date;
}

export type Decision =
  | { allowed: true; rule: string; reason: string; scopes: string[]; consents: string[]; reach: Reach }
  | { allowed: false; rule: string; reason: string; code: ErrorCode; remedy: string; scopes: string[] };

export interface Rule {
  id: string;
  /** What the rule permits, in a sentence for people. */
  permits: string;
  /** What the law asks of a tenant: decided without a declared purpose and without scopes. */
  isDuty?: true;
  covers(question: Question): boolean;
  /** Called with the scopes that are valid now, name the permission and serve the purpose; none only for a duty. */
  decide(question: Question, scopes: ScopeFact[]): Decision;
}

export function refuse(
  rule: string,
  code: ErrorCode,
  scopes: ScopeFact[] = [],
  reason: string = ERRORS[code][1],
): Decision {
  return { allowed: false, rule, code, reason, remedy: ERRORS[code][2], scopes: scopes.map(({ id }) => id) };
}

export function isValid(
  { validFrom, validTo }: { validFrom: string; validTo: string | null },
  now: Date,
): boolean {
  return Date.parse(validFrom) <= now.getTime() && (validTo === null || now.getTime() < Date.parse(validTo));
}

/** Consents that let this caller see a category for a purpose now. */
export function openConsents({ consents, permission, purpose, now }: Question): ConsentFact[] {
  const category = categoryOf(permission);
  return consents.filter(
    (consent) =>
      consent.status === 'GRANTED' &&
      consent.purpose === purpose &&
      consent.categories.includes(category) &&
      isValid(consent, now),
  );
}
