import { Refusal } from '../../../gateway/errors.js';
import type { Session } from '../../runtime/session.js';

/**
 * A consent opens nothing to a recipient that is no third party: what a platform receives rests on the regulation, and
 * its scopes say it. Who believes that its consent is what lets a platform in must not be left to believe so.
 *
 * @throws Refusal CONSENT_WITHOUT_EFFECT
 */
export async function mustReceiveByConsent(
  session: Session,
  asked: readonly { recipient: string }[],
): Promise<void> {
  const [other] = await session.rows<{ recipient: string }>(
    'select recipient from unnest($1::text[]) as asked (recipient) where tenants.receives_without_consent(recipient)',
    [asked.map(({ recipient }) => recipient)],
  );
  if (!other) return;
  const message = `${other.recipient} is no third party: a consent would open nothing to it.`;
  throw new Refusal('CONSENT_WITHOUT_EFFECT', { rule: 'consents/third-party', message });
}

/**
 * A consent opens data for a purpose that its recipient may pursue: declared, approved and not over.
 *
 * @throws Refusal PURPOSE_NOT_DECLARED
 */
export async function mustBeDeclared(
  session: Session,
  inputs: readonly { recipient: string; purpose: string }[],
): Promise<void> {
  const [missing] = await session.rows<{ recipient: string; purpose: string }>(
    `select recipient, purpose from unnest($1::text[], $2::text[]) as asked (recipient, purpose)
     where not tenants.has_approved_purpose(recipient, purpose)`,
    [inputs.map(({ recipient }) => recipient), inputs.map(({ purpose }) => purpose)],
  );
  if (!missing) return;
  const message = `${missing.recipient} has no approved declaration of ${missing.purpose}.`;
  throw new Refusal('PURPOSE_NOT_DECLARED', { rule: 'consents/purpose-declared', message });
}
