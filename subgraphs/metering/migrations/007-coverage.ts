import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

/**
 * How complete a platform's days are, for who handles its application and may see no reading: counts, nothing else.
 * What came in time stays so whatever is corrected later: versions that were replaced count as they came.
 */
export const metering007: RoomMigration = {
  name: '007-coverage',
  sql: `
    create index meter_platform on metering.meter (platform);

    create function metering.coverage(of_platform text, from_day date, to_day date, deadline interval)
    returns table (date date, due bigint, present bigint, on_time bigint)
    language sql stable security definer set search_path = pg_catalog as $$
      with its as (
        select id, 1440 / interval_minutes as points, time_zone, retired_on,
          coalesce(installed_on, (registered_at at time zone time_zone)::date) as since
        from metering.meter
        where platform = of_platform and ${mayRead('applications', { tenant: 'platform' })}
      ), block as (
        select date, meter, version, present, recorded_at from metering.day_block
          where date between from_day and to_day and meter in (select id from its)
        union all
        select date, meter, version, present, recorded_at from metering.day_block_superseded
          where date between from_day and to_day and meter in (select id from its)
      ), latest as (
        select distinct on (date, meter) date, meter, present from block order by date, meter, version desc
      ), in_time as (
        select distinct on (block.date, meter) block.date, meter, present from block join its on its.id = meter
        where recorded_at <= ((block.date + 1)::timestamp at time zone time_zone) + deadline
        order by block.date, meter, version desc
      )
      -- Least passes nulls over: without a block nothing came, not all of it.
      select day::date, sum(points)::bigint, sum(least(coalesce(latest.present, 0), points))::bigint,
        sum(least(coalesce(in_time.present, 0), points))::bigint
      from generate_series(from_day::timestamp, to_day::timestamp, interval '1 day') as day
      cross join its
      left join latest on latest.date = day::date and latest.meter = its.id
      left join in_time on in_time.date = day::date and in_time.meter = its.id
      where (day::date >= since or latest.meter is not null) and coalesce(retired_on > day::date, true)
      group by day order by day
    $$;
    revoke execute on function metering.coverage(text, date, date, interval) from public;
    grant execute on function metering.coverage(text, date, date, interval) to hub_rooms;
  `,
};
