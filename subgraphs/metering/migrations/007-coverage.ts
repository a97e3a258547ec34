import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';
import { HOURS_OF_CLOCK } from '../rollups/clock.js';

/** Whether a version of a day was here by the deadline. */
export const IN_TIME = `recorded_at <= ((date + 1)::timestamp at time zone time_zone) + deadline`;

/**
 * How complete a platform's days are, for who handles its application and may see no reading: counts, nothing else.
 * What came in time stays so whatever is corrected later: versions that were replaced count as they came. One row a
 * day, and one for each of the units asked for that has a meter: a meter counts for its owner, in a building or not.
 */
export const metering007: RoomMigration = {
  name: '007-coverage',
  sql: `
    create index meter_platform on metering.meter (platform);

    -- As long as the clock of its zone says: 23 and 25 hours where daylight saving begins and ends.
    create function metering.day_minutes(day date, zone text) returns integer language sql stable as $$
      select (extract(epoch from ((day + 1)::timestamp at time zone zone) - (day::timestamp at time zone zone)) / 60)::integer
    $$;
    create function metering.points_due(day date, interval_minutes integer, zone text) returns integer
    language sql stable as $$ select greatest(1, metering.day_minutes(day, zone) / interval_minutes) $$;
    -- Values of a day without those in an hour that the clock of its zone skipped.
    create function metering.points_in(points bigint[], present integer, day date, minutes integer, zone text) returns integer
    language sql stable as $$
      select case when metering.day_minutes(day, zone) >= 1440 or minutes = 1440 then present
        else (select count(value)::integer from unnest(points) with ordinality as one (value, place)
          cross join lateral (select day + make_interval(mins => (place::integer - 1) * minutes)) as clock (shown)
          where (shown at time zone zone) at time zone zone = shown) end
    $$;
    ${HOURS_OF_CLOCK}
    revoke execute on function metering.day_minutes(date, text), metering.points_due(date, integer, text),
      metering.points_in(bigint[], integer, date, integer, text), metering.hours_of_clock(date, text) from public;
    grant execute on function metering.day_minutes(date, text), metering.points_due(date, integer, text),
      metering.points_in(bigint[], integer, date, integer, text), metering.hours_of_clock(date, text) to hub_rooms;

    create function metering.coverage(of_platform text, of_units text[], from_day date, to_day date, deadline interval)
    returns table (date date, unit text, meters bigint, due bigint, present bigint, on_time bigint,
      cells_on_time bigint, last_on_time date)
    language sql stable security definer set search_path = pg_catalog
    -- A platform's meters and days are many, whatever the statistics of a young database say of them.
    set enable_nestloop = off set work_mem = '64MB' as $$
      with its as (
        select id, subject, interval_minutes as minutes, time_zone, retired_on,
          coalesce(installed_on, (registered_at at time zone time_zone)::date) as since,
          subject in (select unnest(of_units)) as is_listed
        from metering.meter
        where platform = of_platform and ${mayRead('applications', { tenant: 'platform' })}
      ), clock as (
        select time_zone, minutes, day::date as day, metering.points_due(day::date, minutes, time_zone) as points
        from (select distinct time_zone, minutes from its) as zone
        cross join generate_series(from_day::timestamp, to_day::timestamp, interval '1 day') as day
      ), earlier as (
        select distinct on (date, meter) date, meter, present
        from metering.day_block_superseded join its on id = meter
        where date between from_day and to_day and ${IN_TIME}
        order by date, meter, version desc
      ), part (date, unit, is_listed, meters, due, present, on_time) as (
        -- What came. A day before the meter was in use is due once it came.
        select block.date, its.subject, is_listed, 0, sum(points) filter (where block.date < since),
          sum(least(block.present, points)),
          sum(least(case when ${IN_TIME} then block.present else coalesce(earlier.present, 0) end, points))
        from metering.day_block as block join its on id = meter join clock using (time_zone, minutes)
        left join earlier using (date, meter)
        where block.date between from_day and to_day and clock.day = block.date and coalesce(retired_on > block.date, true)
        group by block.date, its.subject, is_listed
        union all
        -- What was due whether it came or not.
        select day, null, false, 0, sum(points * meters), 0, 0
        from clock join (select time_zone, minutes, since, retired_on, count(*) as meters
          from its group by 1, 2, 3, 4) as alike using (time_zone, minutes)
        where day >= since and coalesce(retired_on > day, true)
        group by day
        union all
        select null, subject, true, count(*), 0, 0, 0 from its where is_listed group by subject
      )
      select date, unit, max(meters), sum(due)::bigint, sum(present)::bigint, sum(on_time)::bigint,
        count(*) filter (where on_time > 0 and is_listed), max(date) filter (where on_time > 0)
      from part group by grouping sets ((date), (unit))
      having case when grouping(unit) = 1 then sum(due) > 0 else bool_or(is_listed) end
      order by date, unit
    $$;
    revoke execute on function metering.coverage(text, text[], date, date, interval) from public;
    grant execute on function metering.coverage(text, text[], date, date, interval) to hub_rooms;
  `,
};
