import type { RoomMigration } from '../migrate.js';

/**
 * What row-level security asks of a grant. The gateway's grant, verified by the room, stands as JSON in the setting
 * `hub.grant` for the length of a transaction; without it every function answers with nothing, so no rows.
 */
export const runtime001: RoomMigration = {
  name: '001-grant',
  sql: `
    create schema runtime;
    grant usage on schema runtime to hub_rooms, hub_gateway;

    create function runtime.permitted(category text) returns setof jsonb language sql stable parallel safe as $$
      select entry.value
      from jsonb_each(nullif(current_setting('hub.grant', true), '')::jsonb -> 'reach') as entry
      where split_part(entry.key, ':', 1) = category
    $$;
    create function runtime.permitted_to(category text, action text) returns jsonb language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb -> 'reach' -> (category || ':' || action)
    $$;

    create function runtime.areas(category text) returns text[] language sql stable parallel safe as $$
      select coalesce(array_agg(area), '{}')
      from runtime.permitted(category) as reach, jsonb_array_elements_text(reach -> 'areas') as area
    $$;
    create function runtime.subjects(category text) returns text[] language sql stable parallel safe as $$
      select coalesce(array_agg(subject), '{}')
      from runtime.permitted(category) as reach, jsonb_array_elements_text(reach -> 'subjects') as subject
    $$;
    create function runtime.areas_to(category text, action text) returns text[] language sql stable parallel safe as $$
      select coalesce(array_agg(area), '{}')
      from jsonb_array_elements_text(runtime.permitted_to(category, action) -> 'areas') as area
    $$;
    create function runtime.subjects_to(category text, action text) returns text[] language sql stable parallel safe as $$
      select coalesce(array_agg(subject), '{}')
      from jsonb_array_elements_text(runtime.permitted_to(category, action) -> 'subjects') as subject
    $$;
    create function runtime.granted(category text) returns boolean language sql stable parallel safe as $$
      select exists (select from runtime.permitted(category))
    $$;
    create function runtime.granted_to(category text, action text) returns boolean language sql stable parallel safe as $$
      select runtime.permitted_to(category, action) is not null
    $$;
    -- A null action is any. An absent limit is null, which limits nothing.
    create type runtime.limits as (area text, subject text, energy_kinds text[], building_types text[],
      meter_levels smallint[], finest text);
    create function runtime.texts(list jsonb) returns text[] language sql immutable parallel safe as $$
      select case when jsonb_typeof(list) = 'array' then array(select jsonb_array_elements_text(list)) end
    $$;
    create function runtime.limited(category text, action text) returns setof runtime.limits
    language sql stable parallel safe rows 10 as $$
      select one ->> 'area', one ->> 'subject', runtime.texts(one -> 'energyKinds'), runtime.texts(one -> 'buildingTypes'),
        runtime.texts(one -> 'meterLevels')::smallint[], one ->> 'finest'
      from jsonb_each(nullif(current_setting('hub.grant', true), '')::jsonb -> 'reach') as entry,
        jsonb_array_elements(entry.value -> 'limited') as one
      where split_part(entry.key, ':', 1) = $1 and ($2 is null or split_part(entry.key, ':', 2) = $2)
    $$;
    create function runtime.is_limited(category text, action text) returns boolean language sql stable parallel safe as $$
      select exists (select from runtime.limited($1, $2))
    $$;
    create function runtime.is_coarse(category text) returns boolean language sql stable parallel safe as $$
      select exists (select from runtime.limited($1, null) where finest <> 'AS_METERED')
    $$;
    -- Whether sums as coarse as this may be seen where that is the finest that may be.
    create function runtime.shows(finest text, coarseness text) returns boolean language sql immutable parallel safe as $$
      select array_position('{AS_METERED,HOUR,DAY,MONTH}'::text[], finest)
        <= array_position('{AS_METERED,HOUR,DAY,MONTH}'::text[], coarseness)
    $$;
    -- For single rows, such as those about to be written: whether one limited reach covers a row of these marks.
    create function runtime.admits(category text, action text, area text, subject text, energy_kind text,
      building_type text, meter_level integer) returns boolean language sql stable parallel safe as $$
      select exists (
        select from runtime.limited($1, $2) as reach
        where starts_with($3, reach.area) and (reach.subject is null or reach.subject = $4)
          and (reach.energy_kinds is null or $5 = any(reach.energy_kinds))
          and (reach.building_types is null or $6 = any(reach.building_types))
          and (reach.meter_levels is null or $7 = any(reach.meter_levels)))
    $$;
    -- The letter of a building code; the 2008 guide writes other as H, the 2009 dictionary as Z.
    create function runtime.building_type(code text) returns text language sql immutable parallel safe as $$
      select translate(substr(code, 7, 1), 'H', 'Z')
    $$;
    create function runtime.caller() returns text language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb -> 'caller' ->> 'tenant'
    $$;
    create function runtime.caller_area() returns text language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb -> 'caller' ->> 'area'
    $$;
  `,
};
