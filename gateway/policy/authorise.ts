import { Refusal } from '../errors.js';
import type { Permission } from './categories.js';
import { decide } from './decide.js';
import { isValid, type ConsentFact, type Decision, type ScopeFact } from './question.js';
import type { Caller, Grant } from './grant.js';
import { isPurpose, type Purpose } from './purposes.js';

export interface Facts {
  scopes: ScopeFact[];
  consents: ConsentFact[];
}

/** A tenant without any scope may ask who it is, and nothing else: no purpose of its own stands in the way. */
const WITHOUT_SCOPES: Purpose = 'OWN_MANAGEMENT';

/**
 * The purpose of a request: the header's, or the tenant's only one.
 *
 * @throws Refusal PURPOSE_UNKNOWN, PURPOSE_REQUIRED
 */
export function purposeOf(header: string | undefined, { scopes }: Facts, now: Date): Purpose {
  if (header !== undefined) {
    if (isPurpose(header)) return header;
    throw new Refusal('PURPOSE_UNKNOWN', {
      rule: 'purpose/listed',
      message: 'x-hub-purpose is not in the closed list.',
    });
  }
  const valid = scopes.filter((scope) => isValid(scope, now));
  const [only, ...others] = [...new Set(valid.flatMap(({ purposes }) => purposes))].filter(isPurpose).sort();
  if (others.length === 0) return only ?? WITHOUT_SCOPES;
  throw new Refusal('PURPOSE_REQUIRED', {
    rule: 'purpose/stated',
    message: `Say for which purpose: ${[only, ...others].join(', ')}.`,
  });
}

export type Refused = Extract<Decision, { allowed: false }>;

/** Decides each permission of one request once. */
export function authorise(
  caller: Caller,
  purpose: Purpose,
  facts: Facts,
  permissions: Iterable<Permission>,
  now: Date,
): { reach: Grant['reach']; refused: Map<Permission, Refused> } {
  const reach: Grant['reach'] = {};
  const refused = new Map<Permission, Refused>();
  for (const permission of new Set(permissions)) {
    const decision = decide({ caller, ...facts, permission, purpose, now });
    if (decision.allowed) reach[permission] = decision.reach;
    else refused.set(permission, decision);
  }
  return { reach, refused };
}

export function refusalOf({ code, rule, reason, remedy }: Refused): Refusal {
  return new Refusal(code, { rule, message: reason, remedy });
}
