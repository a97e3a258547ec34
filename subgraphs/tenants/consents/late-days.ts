import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { Neighbours } from '../../runtime/neighbours.js';
import type { Session } from '../../runtime/session.js';
import type { Consent } from './entities.js';

/**
 * How many days of readings arrived after each consent had ended, before it would have ended anyway: what its recipient
 * no longer receives. A day that another consent of the two let through did not come too late. Counted by the room of
 * readings, under the caller's own grant.
 */
export async function lateDays(
  session: Session,
  consents: readonly Consent[],
  granted: readonly Consent[],
): Promise<number[]> {
  const lost = consents.filter(isLost);
  if (lost.length === 0) return consents.map(() => 0);
  // How many there are tells of the subject's readings, though it tells none of them.
  for (const { subject, area } of lost) session.disclosed({ category: 'readings', subject, area, values: 0 });
  const counts = await counted(session.neighbours, lost, granted);
  const byId = new Map(lost.map(({ id }, place) => [id, counts[place] ?? 0]));
  return consents.map(({ id }) => byId.get(id) ?? 0);
}

/** The late days of each consent; where `written` is given, of those alone that these transactions brought. */
export async function counted(
  neighbours: Neighbours,
  lost: readonly Consent[],
  granted: readonly Consent[],
  written: { from: string; to: string } | null = null,
): Promise<number[]> {
  const questions = lost.map((consent) => ({
    subject: consent.subject,
    energyKinds: consent.energyKinds,
    meterLevels: consent.meterLevels,
    after: consent.endedAt,
    until: consent.validTo,
    written,
    others: granted.filter((other) => isOther(consent, other)).map(openedBy),
  }));
  const answer = await neighbours.call('metering', 'POST /late-days', {
    body: Readable.from([JSON.stringify(questions)]),
  });
  return bodyJson<number[]>(answer);
}

/** Lets the same recipient have readings of the same subject, or did after its grant. */
function isOther({ id, subject, recipient }: Consent, other: Consent): boolean {
  const isTheirs = other.subject === subject && other.recipient === recipient && other.id !== id;
  return isTheirs && other.categories.includes('readings') && Date.parse(other.validFrom) <= Date.now();
}

/** What was there before a consent ended was open under it, whenever it came. */
function openedBy({ energyKinds, meterLevels, endedAt, validTo }: Consent): object {
  return { energyKinds, meterLevels, until: endedAt ?? validTo };
}

/** Readings were granted, and no longer are. */
export function isLost({ grantedAt, endedAt, categories }: Consent): boolean {
  return grantedAt !== null && endedAt !== null && categories.includes('readings');
}
