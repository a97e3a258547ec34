import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo } from '../../runtime/reach.js';
import { isLastOfMonth, levelsBelow, monthAgainstDays } from '../quality/nights/compared.js';
import { usualBefore } from '../quality/nights/jumps.js';
import { setting } from '../quality/nights/setting.js';
import { STORED } from './031-judging.js';

/** For the test bench of the rules: days of whom the caller may write quality, page by page. */
const DAYS = `
  create type metering.day_to_replay as (meter text, date text, day integer, version integer, "interval" smallint,
    scale smallint, "values" text[], rated_per_hour text, usual_per_hour text, time_zone text, hours double precision,
    registers text[], area text, subject text, due integer, present integer, on_time integer);
  create function metering.days_to_replay(after_date date, after_meter text, last_date date, prefix text, most integer)
  returns setof metering.day_to_replay
  language sql stable security definer set search_path = pg_catalog as $$
    select one.*, area, subject, due, present, on_time from (${STORED}
      where block.date between after_date and last_date and (block.date, block.meter) > (after_date, after_meter collate "C")
        and starts_with(block.area, prefix)
        and ${mayDo('quality', 'write', { area: 'block.area', subject: 'block.subject' })}
      order by block.date, block.meter limit most) as one (meter, date)
    cross join lateral (select area, subject from metering.day_block as block
      where block.date = one.date::date and block.meter = one.meter) as whose
    left join lateral (select due, present, on_time from metering.quality_day as judged
      where judged.date = one.date::date and judged.meter = one.meter) as counts on true
    order by one.date, one.meter collate "C"
  $$;
`;

/** Whether a day jumps by the days before it, as an edition counts them. */
const jumped = (edition: string): string =>
  `coalesce(largest_per_hour > (${usualBefore('day.meter', 'day.date', edition)}) * ${setting('JUMP', 'times', edition)}, false)`;

const OF_ASKED = (meter: string): string => `and ${meter} = asked.meter`;

/**
 * What the rules find that compare days with those before, with months and with meters below, by two editions: of the
 * days of a page. A run is told of each day that it goes over.
 */
const COMPARED = `
  create function metering.comparisons_to_replay(meters text[], dates date[], adopted integer, draft integer)
  returns table (meter text, date text, rule text, by_adopted boolean, by_draft boolean)
  language sql stable security definer set search_path = pg_catalog as $$
    with asked as (
      select block.meter, block.date from unnest(meters, dates) as asked (meter, date)
      join metering.day_block as block on block.date = asked.date and block.meter = asked.meter
      where ${mayDo('quality', 'write', { area: 'block.area', subject: 'block.subject' })}
    ), departure (meter, date, rule, of, whole) as (
      select asked.meter, asked.date, 'BALANCE', (below - total) * 100, abs(total)
      from asked cross join lateral (${levelsBelow('asked.date', OF_ASKED('parent.meter'))}) as balance
      union all
      select asked.meter, asked.date, 'DAY_MONTH', abs(days - reported) * 100, abs(reported)
      from asked cross join lateral (${monthAgainstDays('asked.date', OF_ASKED('meter'))}) as month
      where ${isLastOfMonth('asked.date')}
    ), judged (meter, date, rule, by_adopted, by_draft) as (
      select meter, date, rule, of > whole * stood.value, of > whole * drafted.value
      from departure
      join metering.quality_value as stood using (rule)
      join metering.quality_value as drafted using (rule, name)
      where name = 'tolerance' and stood.edition = adopted and drafted.edition = draft
      union all
      select day.meter, day.date, 'JUMP', ${jumped('adopted')}, ${jumped('draft')}
      from asked join metering.quality_day as day on day.date = asked.date and day.meter = asked.meter
      union all
      select asked.meter, asked.date, run.rule, bool_or(edition = adopted), bool_or(edition = draft)
      from unnest(array[adopted, draft]) as edition
      cross join (select array_agg(meter) as meters, array_agg(date + later) as dates
        from asked cross join generate_series(0, 1) as later) as midnight
      cross join lateral metering.run_findings(edition, midnight.meters, midnight.dates) as run
      join asked on asked.meter = run.meter and asked.date between run.first_date and run.last_date
      group by 1, 2, 3
    )
    select meter, date::text, rule, by_adopted, by_draft from judged where by_adopted or by_draft
  $$;
  revoke execute on function metering.days_to_replay(date, text, date, text, integer),
    metering.comparisons_to_replay(text[], date[], integer, integer) from public;
  grant execute on function metering.days_to_replay(date, text, date, text, integer),
    metering.comparisons_to_replay(text[], date[], integer, integer) to hub_rooms;
`;

export const metering041: RoomMigration = { name: '041-replay', sql: DAYS + COMPARED };
