import { Refusal } from '../../../gateway/errors.js';
import type { Door } from '../../runtime/door.js';
import { json } from '../../runtime/answers.js';

/** One day of a platform's meters, in points: due, here by now, and here by the deadline. */
export interface CoveredDay {
  date: string;
  due: number;
  present: number;
  onTime: number;
}

interface Row {
  date: string;
  due: string;
  present: string;
  on_time: string;
}

/** Query `from`, `to` (days) and `hours` after the day's end; answers {@link CoveredDay}s, for the room of tenants. */
export const coverageDoor: Door = {
  requires: ['applications:read'],
  audience: 'inner',
  handle: async ({ params, query }, session) => {
    const { from, to, hours } = query;
    if (!from || !to || !hours)
      throw new Refusal('BAD_USER_INPUT', { message: 'from, to and hours: say them.' });
    const { rows } = await session.transaction((client) =>
      client.query<Row>(
        `select date::text, due, present, on_time from metering.coverage($1, $2, $3, $4::numeric * interval '1 hour')`,
        [params['platform'], from, to, hours],
      ),
    );
    return json(
      rows.map(({ date, due, present, on_time }): CoveredDay => {
        return { date, due: Number(due), present: Number(present), onTime: Number(on_time) };
      }),
    );
  },
};
