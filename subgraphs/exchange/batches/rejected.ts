import { Refusal } from '../../../gateway/errors.js';
import type { Door } from '../../runtime/door.js';

/** The rejected lines of a batch, as they were sent: NDJSON `{line, reason, detail, content}`. */
export const rejectedDoor: Door = {
  requires: ['batches:read'],
  audience: 'outer',
  handle: async ({ params }, session) => {
    const batch = params['id'] ?? '';
    const { rows } = await session.transaction((client) =>
      client.query<{ quarantined: string }>('select quarantined from exchange.batch where id = $1', [batch]),
    );
    const [found] = rows;
    // An empty list would say that every line of a batch nobody has was taken.
    if (!found) throw new Refusal('NOT_FOUND', { message: 'No such batch for you.' });
    const answer = await session.neighbours.call('metering', 'GET /quarantine/:batch', { params: { batch } });
    const items = Number(found.quarantined);
    return { ...answer, release: { kind: 'QUARANTINE', object: batch, sha256: '', items } };
  },
};
