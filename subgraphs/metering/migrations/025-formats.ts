import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayWrite, type ReachColumns } from '../../runtime/reach.js';

const AMONG = limitedFunction('metering.meter');
const OF_ID: ReachColumns = { limited: { column: 'id', among: AMONG } };
const OF_METER: ReachColumns = {
  area: 'meter.area',
  subject: 'meter.subject',
  limited: { column: 'meter.id', among: AMONG },
};

/** Formats of other systems name meters by external ids; an upload learns which of the meters that it may write they are. */
export const metering025: RoomMigration = {
  name: '025-formats',
  sql: `
    create index on metering.meter (external_scheme, external_value) where external_value is not null;

    create function metering.meters_named(scheme text, names text[])
    returns table (name text, id text)
    language sql stable security definer set search_path = pg_catalog as $$
      with named as (
        select external_value as name, id from metering.meter
        where external_scheme = scheme and external_value = any(names) and ${mayWrite('readings', OF_ID)}
      )
      select name, id from named
      union all
      -- Nobody has to write down what the registration says already: the building's meter of that energy item.
      select asked.name, meter.id from unnest(names) as asked (name)
      join metering.meter as meter on meter.building = split_part(asked.name, ':', 1)
        and meter.energy_item = split_part(asked.name, ':', 2)
      where scheme = 'building-item' and not exists (select from named where named.name = asked.name)
        and ${mayWrite('readings', OF_METER)}
        and not exists (select from metering.meter as above where above.building = meter.building
          and above.energy_item = meter.energy_item and above.level < meter.level)
    $$;
    revoke execute on function metering.meters_named(text, text[]) from public;
    grant execute on function metering.meters_named(text, text[]) to hub_rooms;
  `,
};
