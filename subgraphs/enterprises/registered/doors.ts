import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** Body: unified social credit codes as JSON; answers those that are registered, for the room of tenants. */
export const registeredDoor: Door = {
  requires: ['applications:read'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const { rows } = await session.transaction(async (client) =>
      client.query<{ uscc: string }>('select registered as uscc from enterprises.registered($1)', [
        JSON.parse(await text(body)) as string[],
      ]),
    );
    return json(rows.map(({ uscc }) => uscc));
  },
};
