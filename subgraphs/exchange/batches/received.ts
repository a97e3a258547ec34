import { Refusal } from '../../../gateway/errors.js';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** What a tenant sent on one day, China's time: lines, and how many of them went into quarantine. */
export interface ReceivedDay {
  date: string;
  lines: number;
  quarantined: number;
}

/** Query `from` and `to` (days); answers {@link ReceivedDay}s, for the room of tenants. */
export const receivedDoor: Door = {
  requires: ['applications:read'],
  audience: 'inner',
  handle: async ({ params, query: { from, to } }, session) => {
    if (!from || !to) throw new Refusal('BAD_USER_INPUT', { message: 'from and to: say them.' });
    const { rows } = await session.transaction((client) =>
      client.query<Record<keyof ReceivedDay, string>>(
        'select date::text, lines, quarantined from exchange.received_days($1, $2, $3)',
        [params['tenant'], from, to],
      ),
    );
    return json(
      rows.map(({ date, lines, quarantined }): ReceivedDay => {
        return { date, lines: Number(lines), quarantined: Number(quarantined) };
      }),
    );
  },
};
