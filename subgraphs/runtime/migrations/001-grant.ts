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
    create function runtime.caller() returns text language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb -> 'caller' ->> 'tenant'
    $$;
  `,
};
