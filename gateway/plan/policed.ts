import { checkLimits, type Limits } from '../demand/limits.js';
import type { Size } from '../demand/measure.js';
import { authorise, type Refused } from '../policy/authorise.js';
import type { Permission } from '../policy/categories.js';
import type { Grant } from '../policy/grant.js';
import { checkVariables } from '../texts.js';
import type { Prepared } from './prepared.js';
import type { RequestContext } from './request.js';

/** What the policy makes of an operation, before anything of it is planned. */
export interface Policed {
  /** Every permission asked for, and those used without being asked for: they stand in the grant, so they are recorded. */
  asked: Permission[];
  refused: Map<Permission, Refused>;
  reach: Grant['reach'];
  /** The most that it can come to. */
  estimate: Size;
}

/**
 * Limits first, then a decision on each permission. However well the operation is known, all of this is done anew for
 * every request.
 *
 * @throws Refusal QUERY_TOO_DEEP, QUERY_TOO_WIDE, BAD_USER_INPUT
 */
export function policed(
  limits: Limits,
  { asked, used, measure, unfit }: Prepared,
  variables: Record<string, unknown>,
  { caller, purpose, facts }: RequestContext,
): Policed {
  checkVariables(variables);
  if (unfit) throw unfit;
  const estimate = checkLimits(measure, variables, limits);
  const now = new Date();
  const { reach, refused } = authorise(caller, purpose, facts, asked, now);
  const { reach: beside } = authorise(caller, purpose, facts, used, now);
  return {
    asked: [...new Set([...asked, ...(Object.keys(beside) as Permission[])])],
    refused,
    reach: { ...beside, ...reach },
    estimate,
  };
}
