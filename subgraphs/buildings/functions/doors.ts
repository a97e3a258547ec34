import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** What sums are told apart by: the prefix of an area in, `[id, function]` out for its buildings that are seen and have one. */
export const functionsDoor: Door = {
  requires: ['buildings:read'],
  audience: 'inner',
  handle: async ({ query }, session) => {
    const { rows } = await session.transaction((client) =>
      client.query<{ id: string; function: string }>(
        `select id, function_code as function from buildings.building
         where starts_with(area, $1) and function_code is not null order by id`,
        [query['area'] ?? ''],
      ),
    );
    return json(rows.map((row) => [row.id, row.function]));
  },
};
