import { Refusal } from '../errors.js';
import type { Permission } from './categories.js';
import { decide } from './decide.js';
import type { ConsentFact, Decision, DeclarationFact, ScopeFact } from './question.js';
import type { Caller, Grant } from './grant.js';
import type { Purpose } from './purposes.js';

export interface Facts {
  declarations: DeclarationFact[];
  scopes: ScopeFact[];
  consents: ConsentFact[];
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
