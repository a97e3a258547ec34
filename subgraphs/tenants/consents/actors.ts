import { Refusal } from '../../../gateway/errors.js';
import type { Grant } from '../../../gateway/policy/grant.js';
import { actorsFor, type ConsentActor, type ConsentState, NO_CONSENT } from './transitions.js';

/** What says who may speak in a consent. */
export interface Parties {
  subject: string;
  area: string;
  recipient: string;
}

/**
 * As whom the caller takes a step. Row-level security decides the same from the row; here the refusal has words.
 *
 * @throws Refusal WRONG_STATE, FOUR_EYES for a recipient that would allow itself, ROW_OUT_OF_REACH
 */
export function actorOf(
  grant: Grant,
  parties: Parties,
  from: ConsentState | typeof NO_CONSENT,
  to: ConsentState,
): ConsentActor {
  const may = actorsFor(from, to);
  if (!may)
    throw new Refusal('WRONG_STATE', { message: `The consent is ${from}; it does not become ${to}.` });
  const roles = rolesOf(grant, parties);
  const actor = roles.find((role) => may.includes(role));
  if (actor) return actor;
  const rule = 'consents/actor';
  if (to === 'GRANTED' && roles.includes('RECIPIENT')) throw new Refusal('FOUR_EYES', { rule });
  const message = `A consent that is ${from} becomes ${to} by the ${may.join(' or the ')} alone.`;
  const remedy = `Leave it to the ${may.join(' or the ')} of the consent.`;
  throw new Refusal('ROW_OUT_OF_REACH', { rule, message, remedy });
}

/** Whom the caller may speak for; who would receive the data never speaks for its subject. */
function rolesOf({ caller, reach }: Grant, { subject, area, recipient }: Parties): ConsentActor[] {
  const { areas = [], subjects = [] } = reach['consents:write'] ?? {};
  if (caller.tenant === 'hub') return ['HUB'];
  if (recipient === caller.tenant) return ['RECIPIENT'];
  const roles: ConsentActor[] = subjects.includes(subject) ? ['SUBJECT'] : [];
  return areas.some((prefix) => area.startsWith(prefix)) ? [...roles, 'OPERATOR'] : roles;
}
