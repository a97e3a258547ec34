import { Refusal } from '../../../gateway/errors.js';
import { lookUp } from '../../runtime/lookup.js';
import type { Session } from '../../runtime/session.js';

/**
 * A consent opens its subject's data, but row-level security knows only the area that the input claims, and scopes
 * limit by it whose consents a third party may use. So who records by area must see the subject, and in that area; who
 * records its own consents says its own area. The whole nation holds every subject.
 *
 * @throws Refusal SCOPE_MISSING, BAD_USER_INPUT
 */
export async function mustLieWhereSaid(
  { grant, neighbours }: Session,
  inputs: readonly { subject: string; area: string }[],
): Promise<void> {
  const { areas = [], subjects = [] } = grant.reach['consents:write'] ?? {};
  for (const { subject, area } of inputs)
    if (subjects.includes(subject)) mustBe(grant.caller.area, area, subject);
  const others = inputs.filter(({ subject }) => !subjects.includes(subject));
  if (areas.length === 0 || areas.includes('') || others.length === 0) return;
  if (!grant.reach['enterprises:read']) {
    throw new Refusal('SCOPE_MISSING', {
      message: 'To record the consent of an enterprise needs enterprises:read too, for the same purpose.',
    });
  }
  const places = await lookUp(
    neighbours,
    'enterprises',
    others.map(({ subject }) => subject),
  );
  for (const { subject, area } of others) mustBe(places.get(subject)!.area, area, subject);
}

function mustBe(actual: string, claimed: string, subject: string): void {
  if (actual === claimed) return;
  throw new Refusal('BAD_USER_INPUT', { message: `${subject} lies in ${actual}, not in ${claimed}.` });
}
