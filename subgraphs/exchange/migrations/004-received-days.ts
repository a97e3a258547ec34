import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

/** How many lines of readings a tenant sent on each day and how many were rejected, for who handles its application. */
export const exchange004: RoomMigration = {
  name: '004-received-days',
  sql: `
    create function exchange.received_days(of_tenant text, from_day date, to_day date)
    returns table (date date, lines bigint, quarantined bigint)
    language sql stable security definer set search_path = pg_catalog as $$
      select (started_at at time zone 'Asia/Shanghai')::date, sum(lines)::bigint, sum(quarantined)::bigint
      from exchange.batch
      where tenant = of_tenant and kind = 'READINGS' and ${mayRead('applications', { subject: null, tenant: 'tenant' })}
        and started_at >= from_day::timestamp at time zone 'Asia/Shanghai'
        and started_at < (to_day + 1)::timestamp at time zone 'Asia/Shanghai'
      group by 1 order by 1
    $$;
    revoke execute on function exchange.received_days(text, date, date) from public;
    grant execute on function exchange.received_days(text, date, date) to hub_rooms;
  `,
};
