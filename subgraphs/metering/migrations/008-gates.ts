import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, type ReachColumns } from '../../runtime/reach.js';
import { IN_TIME } from './007-coverage.js';

const OF_ID: ReachColumns = { limited: { column: 'id', among: limitedFunction('metering.meter') } };

/**
 * Whether units have gate meters on a day, and on how many days everything due came in time: counts, no values. A row a
 * unit (without class) and one for each energy class at its gate. On a day of a class, meters count together; a unit's
 * day counts when none of its classes was late. Days before a meter was in use are not due.
 */
export const metering008: RoomMigration = {
  name: '008-gates',
  sql: `
    create function metering.gate_uploads(asked jsonb, on_day date)
    returns table (uscc text, energy_class text, meters bigint, days_on_time bigint, last_on_time date)
    language sql stable security definer set search_path = pg_catalog as $$
      with unit as (
        select * from jsonb_to_recordset(asked) as (uscc text, from_day date, to_day date, hours numeric, completeness numeric)
      ), its as (
        select unit.uscc, id, left(energy_item, 2) as kind, interval_minutes, time_zone, retired_on,
          coalesce(installed_on, (registered_at at time zone time_zone)::date) as since,
          from_day, to_day, hours * interval '1 hour' as deadline, completeness
        from unit join metering.meter on subject = unit.uscc
        where level = 1 and (registered_at at time zone time_zone)::date <= on_day
          and coalesce(installed_on <= on_day, true) and coalesce(retired_on > on_day, true)
          and ${mayRead('meters', OF_ID)} and ${mayRead('quality', OF_ID)}
      ), meter_day as (
        -- Days are looked for one by one, as they are indexed: all blocks are never read for a few meters.
        select uscc, kind, metering.points_due(day::date, its.interval_minutes, time_zone) as points, completeness, day::date as day, case when ${IN_TIME} then block.present else coalesce((
          select present from metering.day_block_superseded
          where date = day::date and meter = its.id and ${IN_TIME} order by version desc limit 1), 0) end as on_time
        from its cross join lateral generate_series(from_day::timestamp, to_day::timestamp, interval '1 day') as day
        left join metering.day_block as block on block.date = day::date and block.meter = its.id
        where day::date >= since and coalesce(retired_on > day::date, true)
      ), class_day as (
        select uscc, kind, day, sum(least(on_time, points)) * 100 >= completeness * sum(points) and sum(on_time) > 0
          as is_on_time
        from meter_day group by uscc, kind, day, completeness
      ), counted (uscc, kind, days, last) as (
        select uscc, kind, count(*) filter (where is_on_time), max(day) filter (where is_on_time)
        from class_day group by uscc, kind
        union all
        select uscc, null, count(*) filter (where whole), max(day) filter (where whole)
        from (select uscc, day, bool_and(is_on_time) as whole from class_day group by uscc, day) as unit_day
        group by uscc
      ), standing (uscc, kind, meters) as (
        select uscc, kind, count(*) from its group by grouping sets ((uscc), (uscc, kind))
      )
      select standing.uscc, standing.kind, meters, coalesce(days, 0), last
      from standing left join counted on counted.uscc = standing.uscc and counted.kind is not distinct from standing.kind
      order by standing.uscc, standing.kind nulls first
    $$;
    revoke execute on function metering.gate_uploads(jsonb, date) from public;
    grant execute on function metering.gate_uploads(jsonb, date) to hub_rooms;
  `,
};
