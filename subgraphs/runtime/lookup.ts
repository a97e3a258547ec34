import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Permission } from '../../gateway/policy/categories.js';
import { Refusal } from '../../gateway/errors.js';
import { bodyJson, json } from './answers.js';
import type { Door } from './door.js';
import type { Neighbours } from './neighbours.js';

/** Where a building or enterprise lies and whom it is about: what decides who sees the rows that refer to it. */
export interface Place {
  id: string;
  area: string;
  subject: string;
}

/**
 * Asks a neighbouring room where its objects lie, under the caller's own grant.
 *
 * @throws Refusal BAD_USER_INPUT naming the first id that the caller cannot see.
 */
export async function lookUp(
  neighbours: Neighbours,
  room: string,
  ids: string[],
): Promise<Map<string, Place>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const answer = await neighbours.call(room, 'POST /lookup', {
    body: Readable.from([JSON.stringify(wanted)]),
  });
  const places = new Map((await bodyJson<Place[]>(answer)).map((place) => [place.id, place]));
  const unseen = wanted.find((id) => !places.has(id));
  if (unseen)
    throw new Refusal('BAD_USER_INPUT', { message: `${room}: ${unseen} is not among those you may see.` });
  return places;
}

/** The door behind {@link lookUp}: ids in, places out, filtered by row-level security. */
export function lookupDoor(
  table: string,
  columns: { id: string; subject: string },
  requires: Permission[],
): Door {
  return {
    requires,
    audience: 'inner',
    handle: async ({ body }, session) => {
      const ids = JSON.parse(await text(body)) as string[];
      const places = await session.transaction(async (client) => {
        const { rows } = await client.query<Place>(
          `select ${columns.id} as id, area, ${columns.subject} as subject from ${table} where ${columns.id} = any($1)`,
          [ids],
        );
        return rows;
      });
      return json(places);
    },
  };
}
