import type { Chore } from '../../runtime/housekeeping.js';

const MOST_AT_ONCE = 500;

/** Ends what nobody decided in time; an event that somebody was faster with is passed over. */
function expiry(act: string, due: string, expire: string): Chore {
  return {
    requires: ['corrections:read', 'corrections:write'],
    due: async (session) => {
      const { rows } = await session.transaction((client) =>
        client.query<{ id: string }>(due, [MOST_AT_ONCE]),
      );
      return rows.map(({ id }) => ({ act, object: id }));
    },
    perform: async (session, acts) => {
      await session.transaction((client) => client.query(expire, [acts.map(({ object }) => object)]));
    },
  };
}

export const correctionExpiry = expiry(
  'CORRECTION_EXPIRED',
  `select id from corrections.correction where state = 'PROPOSED' and expires_at <= now() limit $1`,
  `insert into corrections.event (correction, kind)
   select id, 'EXPIRED' from corrections.correction
   where id = any($1) and state = 'PROPOSED' and expires_at <= now()`,
);

const OPEN = `state in ('REQUESTED', 'APPROVED_ONCE', 'READY') and expires_at <= now()`;

export const breakGlassExpiry = expiry(
  'BREAK_GLASS_EXPIRED',
  `select id from corrections.break_glass where ${OPEN} limit $1`,
  `insert into corrections.break_glass_event (break_glass, kind)
   select id, 'EXPIRED' from corrections.break_glass where id = any($1) and ${OPEN}`,
);
