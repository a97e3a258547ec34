import type { Chore } from '../../runtime/housekeeping.js';
import { countErasures } from '../erasures/repository.js';
import { countLateDays } from './late-arrivals.js';
import { dueToExpire, expire } from './repository.js';

/** Consents and requests end when their time is over, and the recipients are told to erase what they have. */
export const expiringConsents: Chore = {
  requires: ['consents:read', 'consents:write', 'readings:read', 'meters:read'],
  due: (session) =>
    session.unit(async (work) => {
      const ids = await dueToExpire(work);
      return ids.map((object) => ({ act: 'CONSENT_EXPIRED', object }));
    }),
  async perform(session, due) {
    for (const { object } of due) await session.unit((work) => expire(work, object));
  },
  counts: countLateDays,
  gauges: (session) =>
    session.unit(async (work) => {
      const { open, overdue } = await countErasures(work);
      return [
        { name: 'erasures_open', help: 'Notices of erasure that nobody acknowledged yet', value: open },
        { name: 'erasures_overdue', help: 'Of these, the ones whose time is over', value: overdue },
      ];
    }),
};
