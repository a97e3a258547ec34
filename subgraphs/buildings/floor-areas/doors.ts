import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** What sums of many buildings are divided by: ids in, `[id, m²]` out for those that are seen and have one. */
export const floorAreasDoor: Door = {
  requires: ['buildings:read'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const ids = JSON.parse(await text(body)) as string[];
    const rows = await session.transaction((client) =>
      client.query<{ id: string; area: string }>(
        `select id, floor_area_m2::text as area from buildings.building
         where id = any($1) and floor_area_m2 > 0 order by id`,
        [ids],
      ),
    );
    return json(rows.rows.map(({ id, area }) => [id, area]));
  },
};
