import type { Door } from '../../runtime/door.js';

/** The rejected lines of a batch, as they were sent: NDJSON `{line, reason, detail, content}`. */
export const rejectedDoor: Door = {
  requires: ['batches:read'],
  audience: 'outer',
  handle: async ({ params }, session) => {
    const batch = params['id'] ?? '';
    const answer = await session.neighbours.call('metering', 'GET /quarantine/:batch', { params: { batch } });
    return { ...answer, release: { kind: 'QUARANTINE', object: batch, sha256: '', items: 0 } };
  },
};
