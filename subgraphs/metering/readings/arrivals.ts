import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** Up to where everything that was written is known: a transaction, and the moment at which it was the oldest one open. */
export interface Position {
  transaction: string;
  at: string;
}

export interface Arrivals {
  until: Position;
  /** Of whom days were written between the two positions, each once. */
  subjects: string[];
}

/** A transaction that was open at a position began this long before it at most: it holds one chunk of an upload. */
const LONGEST_WRITE = '1 hour';

const NOW = `select pg_snapshot_xmin(pg_current_snapshot())::text as transaction, now()::text as at`;
const SUBJECTS = `
  select distinct subject from metering.visible_day
  where recorded_at > $2::timestamptz - interval '${LONGEST_WRITE}' and changed >= $1::xid8 and changed < $3::xid8`;

/** Body: the {@link Position} to begin at, or null for nothing but where one may begin. Answers {@link Arrivals}. */
export const arrivalsDoor: Door = {
  requires: ['readings:read'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const since = JSON.parse(await text(body)) as Position | null;
    return session.transaction(async (client) => {
      const { rows: now } = await client.query<Position>(NOW);
      const until = now[0]!;
      if (!since) return json({ until, subjects: [] });
      const { rows } = await client.query<{ subject: string }>(SUBJECTS, [
        since.transaction,
        since.at,
        until.transaction,
      ]);
      return json({ until, subjects: rows.map(({ subject }) => subject) });
    });
  },
};
