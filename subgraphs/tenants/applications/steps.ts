import { Refusal } from '../../../gateway/errors.js';
import type { Application } from './entities.js';
import { isOneOf, REQUIREMENTS, WAIVABLE } from './lists.js';
import { type Act, NEEDS_OPINION, type Office, type State, stepOf, type Transition } from './states.js';
import type { ApplicationEvent } from './review/entities.js';

/** What may go with a step beside its act. */
export interface StepDetails {
  opinion?: string | null | undefined;
  /** What is waived. */
  requirement?: string | null | undefined;
  /** SHA-256 of the letter or the signed opinion. */
  evidenceSha256?: string | null | undefined;
}

export interface StepAsked extends StepDetails {
  act: Act;
  office: Office;
  /** The tenant that acts. */
  actor: string;
}

type Standing = Pick<Application, 'id' | 'state' | 'suspendedFrom' | 'applicant' | 'tenant' | 'version'>;
type Past = Pick<ApplicationEvent, 'act' | 'office' | 'actor' | 'version' | 'requirement'>;

/**
 * Whether a step may be taken, said in words; the database's trigger says the same without them.
 *
 * @param events all that were taken before, in order.
 * @throws Refusal WRONG_STATE, FOUR_EYES, BAD_USER_INPUT
 */
export function mustBePossible(application: Standing, events: readonly Past[], asked: StepAsked): void {
  const { act, office } = asked;
  const before = application.suspendedFrom as State | null;
  const step = stepOf(act, application.state as State, office, before);
  if (!step) {
    throw new Refusal('WRONG_STATE', {
      rule: 'application/step',
      message: `${application.id} is ${application.state}; ${act} by ${office} does not follow it.`,
    });
  }
  if (NEEDS_OPINION.has(act) && !asked.opinion?.trim())
    throw new Refusal('BAD_USER_INPUT', { message: `${act}: the opinion or reason is missing.` });
  if (act === 'WAIVE') mustBeWaivable(events, asked);
  mustBeOtherEyes(application, events, asked);
  mustHaveOpinions(application, events, step);
}

function mustBeWaivable(events: readonly Past[], asked: StepAsked): void {
  const requirement = asked.requirement ?? '';
  if (!isOneOf(REQUIREMENTS, requirement) || !WAIVABLE.has(requirement)) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `${requirement} cannot be waived; ${[...WAIVABLE].join(', ')} can.`,
    });
  }
  if (!asked.evidenceSha256) {
    throw new Refusal('BAD_USER_INPUT', {
      message: 'WAIVE: the letter is missing.',
      remedy: 'Give its SHA-256 (evidenceSha256; hub application waive --evidence <file>).',
    });
  }
  if (events.some((event) => event.act === 'WAIVE' && event.requirement === requirement)) {
    throw new Refusal('WRONG_STATE', {
      rule: 'application/waived-once',
      message: `${requirement} has been waived already.`,
      remedy: 'Nothing is left to be done; connectionReadiness says by whom and why.',
    });
  }
}

/** Applicant, protocol reviewer, security reviewer and approver are different tenants, and none of them gains by it. */
function mustBeOtherEyes(
  { applicant, tenant }: Standing,
  events: readonly Past[],
  { act, office, actor }: StepAsked,
): void {
  if (office === 'write') {
    if (actor === applicant) return;
    throw new Refusal('FOUR_EYES', {
      rule: 'application/applicant',
      message: `${act} is for the applicant, ${applicant}.`,
      remedy: `Ask ${applicant} to do it.`,
    });
  }
  const fault =
    actor === applicant || actor === tenant
      ? 'Who applies, or is to be connected, does not decide about it.'
      : events.some((event) => event.actor === actor && event.office !== office)
        ? `${actor} has acted in another office on this application already.`
        : act === 'APPROVE_FORMAL' && events.some((event) => event.act === 'WAIVE' && event.actor === actor)
          ? `${actor} has waived a requirement; another approver decides.`
          : undefined;
  if (fault) throw new Refusal('FOUR_EYES', { rule: 'application/four-eyes', message: fault });
}

function mustHaveOpinions(
  { version }: Standing,
  events: readonly Past[],
  { act, needs = [], since }: Transition,
): void {
  const missing = needs.filter((needed) => !opinionsSince(events, since, version).includes(needed));
  if (missing.length === 0) return;
  throw new Refusal('WRONG_STATE', {
    rule: 'application/opinions',
    message: `${act} needs ${missing.join(' and ')} on version ${version} first.`,
  });
}

/** What was done about a version since the last act of a kind. */
export function opinionsSince(events: readonly Past[], since: Act | undefined, version: number): string[] {
  const from = events.findLastIndex((event) => event.act === since);
  return events
    .slice(from + 1)
    .filter((event) => event.version === version)
    .map((event) => event.act);
}
