import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/**
 * For a room that has been told of buildings and compares: ids in, registrations out, of those whose readings the
 * caller may write. What comes out stays between rooms; who asked learns no more than whether it differs.
 */
export const registrationsDoor: Door = {
  requires: ['readings:write'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const ids = JSON.parse(await text(body)) as string[];
    const { rows } = await session.transaction((client) =>
      client.query(
        `select id, name, area, type_code as "typeCode", floor_area_m2::text as "floorAreaM2",
           air_conditioned_area_m2::text as "airConditionedAreaM2", year_built as "yearBuilt"
         from buildings.registrations_to_compare($1)`,
        [ids],
      ),
    );
    return json(rows);
  },
};
