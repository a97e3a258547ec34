import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { Session } from '../../runtime/session.js';
import type { Consent } from './entities.js';

/**
 * How many days of readings arrived after each consent had ended, before it would have ended anyway: what its recipient
 * no longer receives. Counted by the room of readings, under the caller's own grant.
 */
export async function lateDays(session: Session, consents: readonly Consent[]): Promise<number[]> {
  const lost = consents.filter(isLost);
  if (lost.length === 0) return consents.map(() => 0);
  const questions = lost.map(({ subject, energyKinds, meterLevels, endedAt, validTo }) => ({
    subject,
    energyKinds,
    meterLevels,
    after: endedAt,
    until: validTo,
  }));
  // How many there are tells of the subject's readings, though it tells none of them.
  for (const { subject, area } of lost) session.disclosed({ category: 'readings', subject, area, values: 0 });
  const answer = await session.neighbours.call('metering', 'POST /late-days', {
    body: Readable.from([JSON.stringify(questions)]),
  });
  const counts = await bodyJson<number[]>(answer);
  const byId = new Map(lost.map(({ id }, place) => [id, counts[place] ?? 0]));
  return consents.map(({ id }) => byId.get(id) ?? 0);
}

/** Readings were granted, and no longer are. */
function isLost({ grantedAt, endedAt, categories }: Consent): boolean {
  return grantedAt !== null && endedAt !== null && categories.includes('readings');
}
