import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayWrite, type ReachColumns } from '../../runtime/reach.js';

const OF_ID: ReachColumns = { limited: { column: 'id', among: limitedFunction('metering.meter') } };

/** Formats of other systems name meters by external ids; an upload learns which of the meters that it may write they are. */
export const metering025: RoomMigration = {
  name: '025-formats',
  sql: `
    create index on metering.meter (external_scheme, external_value) where external_value is not null;

    create function metering.meters_named(scheme text, names text[])
    returns table (name text, id text)
    language sql stable security definer set search_path = pg_catalog as $$
      select external_value, id from metering.meter
      where external_scheme = scheme and external_value = any(names) and ${mayWrite('readings', OF_ID)}
    $$;
    revoke execute on function metering.meters_named(text, text[]) from public;
    grant execute on function metering.meters_named(text, text[]) to hub_rooms;
  `,
};
