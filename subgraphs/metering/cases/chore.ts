import type { Chore } from '../../runtime/housekeeping.js';
import type { Session } from '../../runtime/session.js';

/** The rest comes at the next round. */
const MOST_AT_ONCE = 500;

const DUE = `select id, meter, responsible from metering.quality_case
  where status <> 'CLOSED' and due_on < metering.today_in_china() and responsible <> '100000'
  order by due_on, id limit ${MOST_AT_ONCE}`;

const STANDING = `select count(*)::integer as open, count(*) filter (where is_escalated)::integer as escalated
  from metering.quality_case where status <> 'CLOSED'`;

/** Cases whose time is over go to the platform above; who has not sent a day is reminded once its deadline is over. */
export const caseEscalation: Chore = {
  requires: ['quality:read', 'quality:write', 'meters:read'],
  due: (session) =>
    session.unit(async (work) => {
      const rows = await work.rows<{ id: string; meter: string; responsible: string }>(DUE);
      return rows.map(({ id, meter, responsible }) => ({
        act: 'CASE_ESCALATED',
        object: id,
        note: { meter, from: responsible },
        isUrgent: true,
      }));
    }),
  async perform(session, due) {
    for (const { object } of due) await session.unit((work) => escalate(work, object));
  },
  gauges: (session) =>
    session.unit(async (work) => {
      const [row] = await work.rows<{ open: number; escalated: number }>(STANDING);
      return [
        { name: 'cases_open', help: 'Cases about readings that are not closed', value: row!.open },
        { name: 'cases_escalated', help: 'Of these, the ones that were escalated', value: row!.escalated },
      ];
    }),
  counts: (session) =>
    session.unit(async (work) => {
      const [row] = await work.rows<{ made: number }>('select metering.remind_of_uploads() as made');
      const value = row!.made;
      const help = 'Owners by platform and area that had not sent a day by its deadline';
      return {
        counted: [{ name: 'upload_reminders', help, labels: {}, value, line: 'UPLOAD_REMINDED' }],
        until: '',
      };
    }),
};

/** What somebody settled meanwhile is passed over. */
async function escalate(work: Session, id: string): Promise<void> {
  const still = await work.rows(`select from (${DUE}) as due where id = $1`, [id]);
  if (still.length === 0) return;
  await work.rows(`insert into metering.case_event (case_id, event, actor) values ($1, 'ESCALATED', 'HUB')`, [
    id,
  ]);
}
