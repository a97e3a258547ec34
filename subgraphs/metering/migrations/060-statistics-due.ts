import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo } from '../../runtime/reach.js';

const PUBLISH = mayDo('statistics', 'approve', { subject: null });

/** So many months back the hub publishes by itself what it missed. */
const MONTHS_CAUGHT_UP = 12;

/**
 * Months since the first one that a city published of which there is none: from a day of the month after them on, once
 * they are closed, all nights of their days have run, and a gate of a building reported.
 */
export const metering060: RoomMigration = {
  name: '060-statistics-due',
  sql: `
    create function metering.statistics_due(from_day integer) returns table (area text, month date)
    language sql stable security definer set search_path = pg_catalog as $$
      select city.area, month.month::date
      from (select area, min(month) as earliest from metering.statistics_edition where ${PUBLISH} group by area) as city
      cross join lateral (select regexp_replace(city.area, '(00){1,2}$', '') as prefix,
        now() at time zone 'Asia/Shanghai' as clock) as known
      cross join lateral generate_series(
        greatest(earliest::timestamp, date_trunc('month', clock) - interval '${MONTHS_CAUGHT_UP} months'),
        date_trunc('month', clock) - interval '1 month', interval '1 month') as month (month)
      where from_day > 0 and clock >= month + interval '1 month' + (from_day - 1) * interval '1 day'
        and metering.is_closed(month::date)
        and not exists (select from metering.statistics_edition as told where told.area = city.area and told.month = month.month)
        and exists (select from metering.statistics_reported(prefix, month::date))
        and not exists (select from generate_series(month, month + interval '1 month' - interval '1 day', interval '1 day') as day
          where not exists (select from metering.quality_night where date = day::date)
            and exists (select from metering.rollup_day as sums where sums.date = day::date and starts_with(sums.area, prefix)))
      order by 2, 1
    $$;
    revoke execute on function metering.statistics_due(integer) from public;
    grant execute on function metering.statistics_due(integer) to hub_rooms;
  `,
};
