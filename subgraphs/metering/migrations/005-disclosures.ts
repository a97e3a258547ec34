import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

/** Who may read a batch's rejected lines need not see the meters; whom the lines tell of is told to the ledger alone. */
export const metering005: RoomMigration = {
  name: '005-disclosures',
  sql: `
    create function metering.quarantined_subjects(wanted text) returns table (subject text, area text, lines integer)
    language sql stable security definer set search_path = pg_catalog as $$
      select meter.subject, meter.area, count(*)::integer
      from metering.quarantined_line as line join metering.meter as meter on meter.id = line.meter
      where line.batch = wanted
        and (${mayRead('batches', { area: 'line.area', subject: null })} or line.tenant = (select runtime.caller()))
      group by 1, 2
    $$;
    revoke execute on function metering.quarantined_subjects(text) from public;
    grant execute on function metering.quarantined_subjects(text) to hub_rooms;
  `,
};
