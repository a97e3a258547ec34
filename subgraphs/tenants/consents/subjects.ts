import { Refusal } from '../../../gateway/errors.js';
import { lookUp } from '../../runtime/lookup.js';
import type { Session } from '../../runtime/session.js';
import type { ConsentInput } from '../inputs.js';

/**
 * A consent opens its subject's data wherever that lies, but row-level security knows only the area that the input
 * claims. So who records by area must see the subject, and in that area. Who records its own consents is held by the
 * subject itself, and the whole nation holds every subject.
 *
 * @throws Refusal SCOPE_MISSING, BAD_USER_INPUT
 */
export async function mustLieWhereSaid(
  { grant, neighbours }: Session,
  inputs: ConsentInput[],
): Promise<void> {
  const { areas = [], subjects = [] } = grant.reach['consents:write'] ?? {};
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
  for (const { subject, area } of others) {
    const { area: actual } = places.get(subject)!;
    if (actual !== area)
      throw new Refusal('BAD_USER_INPUT', { message: `${subject} lies in ${actual}, not in ${area}.` });
  }
}
