import type { Chore } from '../../runtime/housekeeping.js';
import type { Session } from '../../runtime/session.js';
import { publish } from './publish.js';

const DUE = 'select area, month::text from metering.statistics_due($1)';

interface DueMonth {
  area: string;
  month: string;
}

const dueOf = (work: Session): Promise<DueMonth[]> => work.rows<DueMonth>(DUE, [work.periods.statisticsDay]);
const named = ({ area, month }: DueMonth): string => `${area} ${month.slice(0, 7)}`;

/** A city that has published a month has those that follow published by the hub, once they are closed and judged. */
export const monthlyStatistics: Chore = {
  requires: ['statistics:read', 'statistics:approve', 'buildings:read'],
  due: (session) =>
    session.unit(async (work) =>
      (await dueOf(work)).map((one) => ({ act: 'STATISTICS_PUBLISHED', object: named(one) })),
    ),
  async perform(session, due) {
    for (const { object } of due) await session.unit((work) => publishDue(work, object));
  },
};

/** What was published by hand meanwhile is passed over. */
async function publishDue(work: Session, object: string): Promise<void> {
  const still = (await dueOf(work)).find((one) => named(one) === object);
  if (!still) return;
  const edition = await publish(work, still.month, { area: still.area, tenant: work.grant.caller.tenant });
  work.acts.add('publishStatistics', edition);
}
