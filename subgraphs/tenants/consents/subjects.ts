import { Refusal } from '../../../gateway/errors.js';
import { lookUp, type Place } from '../../runtime/lookup.js';
import type { Session } from '../../runtime/session.js';
import { isUscc } from '../../runtime/uscc.js';

/**
 * A consent opens its subject's data, but row-level security knows only the area that the input claims, and scopes
 * limit by it whose consents a third party may use. So who records by area must see the subject, and in that area; who
 * records its own consents says its own area. The whole nation holds every subject.
 *
 * @throws Refusal SCOPE_MISSING, BAD_USER_INPUT
 */
export async function mustLieWhereSaid(
  session: Session,
  inputs: readonly { subject: string; area: string }[],
): Promise<void> {
  const { caller, reach } = session.grant;
  const { subjects = [] } = reach['consents:write'] ?? {};
  const places = await mustSee(
    session,
    inputs.map(({ subject }) => subject),
  );
  for (const { subject, area } of inputs) {
    const actual = subjects.includes(subject) ? caller.area : places.get(subject)?.area;
    if (actual !== undefined) mustBe(actual, area, subject);
  }
}

/**
 * Who speaks for others by area must see them. Where they lie; nothing of the caller's own subjects, nor for the whole
 * nation, which holds everybody.
 *
 * @throws Refusal SCOPE_MISSING, BAD_USER_INPUT
 */
export async function mustSee(
  { grant, neighbours }: Session,
  asked: readonly string[],
): Promise<ReadonlyMap<string, Place>> {
  const { areas = [], subjects = [] } = grant.reach['consents:write'] ?? {};
  const others = asked.filter((subject) => !subjects.includes(subject));
  if (areas.length === 0 || areas.includes('') || others.length === 0) return new Map();
  if (!grant.reach['enterprises:read']) {
    throw new Refusal('SCOPE_MISSING', {
      message: 'To speak for an enterprise needs enterprises:read too, for the same purpose.',
    });
  }
  return lookUp(neighbours, 'enterprises', others);
}

/**
 * Who is asked exists as far as the hub can tell. The recipient does not see its register, so it learns no more than
 * that an enterprise which takes part lies elsewhere.
 *
 * @throws Refusal BAD_USER_INPUT
 */
export async function mayBeAsked(session: Session, subject: string, area: string): Promise<void> {
  if (!isUscc(subject)) {
    const message = `${subject} is no unified social credit code: its check character does not fit.`;
    throw new Refusal('BAD_USER_INPUT', { message });
  }
  const [place] = await session.rows<{ elsewhere: boolean }>(
    'select tenants.lies_elsewhere($1, $2) as elsewhere',
    [subject, area],
  );
  if (place?.elsewhere) throw new Refusal('BAD_USER_INPUT', { message: `${subject} lies elsewhere.` });
}

function mustBe(actual: string, claimed: string, subject: string): void {
  if (actual === claimed) return;
  throw new Refusal('BAD_USER_INPUT', { message: `${subject} lies in ${actual}, not in ${claimed}.` });
}
