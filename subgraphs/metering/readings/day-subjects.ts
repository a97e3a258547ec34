import type { BulkSession } from '../../runtime/bulk.js';
import { checkedDate, checkedSnapshot, daysAsOf } from './export-day.js';

/** The values of one subject in one part of an exported day; parts count from 1. */
export interface SubjectCount {
  part: number;
  subject: string;
  area: string;
  values: number;
}

/** Sums hold fewer values than went into them: what is counted is what leaves. */
const LEAVING = `case granularity when 'AS_METERED' then present else cardinality(array_remove(values, null)) end`;

/**
 * Whose values a day exported at a snapshot holds, cut at the meters that its parts begin with.
 *
 * @throws Refusal BAD_USER_INPUT for what is no date or no snapshot.
 */
export async function daySubjects(
  session: BulkSession,
  date: string,
  { at, starts }: { at: string; starts: string[] },
): Promise<SubjectCount[]> {
  const days = daysAsOf(
    checkedDate(date),
    checkedSnapshot(at),
    'subject, area, present, values, granularity',
  );
  const { rows } = await session.transaction((client) =>
    client.query<SubjectCount>(
      `select width_bucket(meter, $1::text[]) as part, subject, area, sum(${LEAVING})::double precision as values
       from ${days} group by 1, 2, 3`,
      [starts],
    ),
  );
  return rows;
}
