import type { RoomMigration } from '../../runtime/migrate.js';
import { mayWrite } from '../../runtime/reach.js';

/**
 * Who uploads the readings of a building may have its description compared with the register, whether or not it may
 * read the register: what it learns is which parts differ.
 */
export const buildings003: RoomMigration = {
  name: '003-registrations',
  sql: `
    create function buildings.registrations_to_compare(ids text[])
    returns table (id text, name text, area text, type_code text, floor_area_m2 numeric, air_conditioned_area_m2 numeric,
      year_built smallint)
    language sql stable security definer set search_path = pg_catalog as $$
      select id, name, area, type_code, floor_area_m2, air_conditioned_area_m2, year_built from buildings.building
      where id = any(ids) and ${mayWrite('readings')}
    $$;
    revoke execute on function buildings.registrations_to_compare(text[]) from public;
    grant execute on function buildings.registrations_to_compare(text[]) to hub_rooms;
  `,
};
