import type { Granularity } from '../../../gateway/policy/limits.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead } from '../../runtime/reach.js';

/** The predicate for rows that may be seen as fine as that, or finer. */
export const within = (finest: Granularity): string =>
  mayRead('readings', { limited: { column: 'meter', among: limitedFunction('metering.meter') }, finest });

/**
 * The finest that the grant lets be seen of a day that it reaches at all; where only months may be seen there is none. A grant that coarsens nothing, which is
 * that of every platform, is told from one value and asks for nothing a row.
 */
export const FINEST = `case
        when not (select runtime.is_coarse('readings')) or ${within('AS_METERED')} then 'AS_METERED'
        when ${within('HOUR')} then 'HOUR'
        else 'DAY' end`;

/** The days as the grant lets them be seen. The policies are those of the view's owner; they let every granularity in. */
function visible(table: string, view: string, more = ''): string {
  return `
    create policy showing on ${table} for select to hub_views using (${within('DAY')});
    grant select on ${table} to hub_views;
    create view ${view} as
      select date, meter, area, subject,
        case granularity when 'AS_METERED' then interval_minutes
          when 'HOUR' then greatest(interval_minutes, 60::smallint) else 1440::smallint end as interval_minutes,
        scale,
        case granularity when 'AS_METERED' then values
          when 'HOUR' then metering.hourly(values, interval_minutes)
          else array[case when present > 0 then total end] end as values,
        total, present, version, batch, recorded_at, changed, granularity ${more}
      from (select *, ${FINEST} as granularity from ${table}) as seen;
    alter view ${view} owner to hub_views;
    grant select on ${view} to hub_rooms;
  `;
}

export const metering004: RoomMigration = {
  name: '004-visible-days',
  sql: `
    -- Sums of the values present in each hour, null where none is. A day that is read more rarely stays as it is.
    create function metering.hourly(series bigint[], minutes smallint) returns bigint[]
    language sql immutable parallel safe as $$
      select case when minutes >= 60 then series else (
        select array_agg(total order by hour) from (
          select (number - 1) / (60 / minutes) as hour, sum(value)::bigint as total
          from unnest(series) with ordinality as one (value, number) group by 1
        ) as sums) end
    $$;

    grant usage, create on schema metering to hub_views;
    grant usage on schema runtime to hub_views;
    ${visible('metering.day_block', 'metering.visible_day')}
    ${visible('metering.day_block_superseded', 'metering.visible_superseded_day', ', superseded, superseded_at')}
    revoke create on schema metering from hub_views;
  `,
};
