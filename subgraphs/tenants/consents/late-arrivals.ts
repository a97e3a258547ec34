import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Chore } from '../../runtime/housekeeping.js';
import { Consent } from './entities.js';
import { counted, isLost } from './late-days.js';

/** Where the room of readings has come to with writing; what stands in it is that room's own to read, but its number. */
interface Position {
  transaction: string;
  at: string;
}

/**
 * Counts the days that arrived too late, as they arrive: the sum of `Consent.lateDays` as it grows. Only consents are
 * looked at of whose subjects something has arrived since the round before.
 */
export const countLateDays: NonNullable<Chore['counts']> = async (session, since) => {
  const from = since === null ? null : (JSON.parse(since) as Position);
  const answer = await session.neighbours.call('metering', 'POST /arrivals', {
    body: Readable.from([JSON.stringify(from)]),
  });
  const { until, subjects } = await bodyJson<{ until: Position; subjects: string[] }>(answer);
  const written = from && { from: from.transaction, to: until.transaction };
  const days = written && subjects.length > 0 ? await lateAmong(session, subjects, written) : 0;
  return { counted: [{ ...LATE_DAYS, value: days }], until: JSON.stringify(until) };
};

const LATE_DAYS = {
  name: 'late_days_total',
  help: 'Days of readings withheld because they arrived after a consent had ended, once for each such consent',
  labels: { room: 'metering', category: 'readings' },
};

async function lateAmong(
  session: BulkSession,
  subjects: string[],
  written: { from: string; to: string },
): Promise<number> {
  const granted = await session.unit((work) =>
    work.em.find(Consent, { subject: { $in: subjects }, grantedAt: { $ne: null } }),
  );
  const lost = granted.filter(isLost);
  if (lost.length === 0) return 0;
  const counts = await counted(session.neighbours, lost, granted, written);
  return counts.reduce((sum, count) => sum + count, 0);
}
