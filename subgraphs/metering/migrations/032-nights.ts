import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayDo, mayRead, type ReachColumns } from '../../runtime/reach.js';
import { MARKED } from '../quality/nights/jumps.js';
import { FIRST_DUE, NIGHT } from '../quality/nights/statements.js';
import { STORED } from './031-judging.js';

const OF_METER: ReachColumns = { limited: { column: 'meter', among: limitedFunction('metering.meter') } };

/** What a platform reports of a month by other ways than its days. Said again, the last word counts; all stay. */
const MONTHS = `
  create table metering.reported_month (
    id bigint generated always as identity primary key,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    month date not null check (extract(day from month) = 1),
    value numeric not null check (abs(value) < 1e15 and scale(value) <= 6),
    reported_by text not null,
    reported_at timestamptz not null
  );
  create index reported_month_of_meter on metering.reported_month (meter, month, id desc);
  create function metering.report_month() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    new.reported_by := runtime.caller();
    new.reported_at := now();
    return new;
  end $$;
  revoke execute on function metering.report_month() from public;
  create trigger of_meter before insert on metering.reported_month for each row execute function metering.of_meter();
  create trigger report_month before insert on metering.reported_month for each row execute function metering.report_month();
  alter table metering.reported_month enable row level security;
  create policy reading on metering.reported_month for select to hub_rooms using (${mayRead('readings', OF_METER)});
  create policy adding on metering.reported_month for insert to hub_rooms
    with check (${mayDo('readings', 'write', OF_METER)});
  grant select, insert (meter, month, value) on metering.reported_month to hub_rooms;
  ${appendOnly('metering.reported_month')}
`;

/** One row a meter and day in use: counts that add up over meters and days, so that every index is computed of sums. */
const DAYS = `
  create table metering.quality_day (
    date date not null,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    due integer not null,
    present integer not null,
    on_time integer not null,
    marked integer not null,
    is_calibrated boolean not null,
    is_consistent boolean,
    largest_per_hour numeric,
    edition integer not null references metering.quality_edition,
    version integer,
    primary key (date, meter)
  );
  create index quality_day_of_meter on metering.quality_day (meter, date);
  create index quality_day_of_subject on metering.quality_day (subject, date);
  alter table metering.quality_day enable row level security;
  create policy reading on metering.quality_day for select to hub_rooms using (${mayRead('quality', OF_METER)});
  grant select on metering.quality_day to hub_rooms;

  create table metering.quality_night (
    date date primary key,
    edition integer not null references metering.quality_edition,
    ran_at timestamptz not null
  );
  alter table metering.quality_night enable row level security;
`;

/** The hub's own grant reaches everything; the owner at the machine has none. */
export const WHOLE_HUB = `(coalesce('' = any(runtime.areas_to('quality', 'write')), false)
      or pg_has_role(session_user, (select nspowner from pg_namespace where nspname = 'metering'), 'member'))`;

/** So far back the hub judges and reminds by itself of what it missed: days whose deadline passed that many days ago. */
const DAYS_CAUGHT_UP = 31;

/** Days before last night's that are looked at every minute, and how many minutes the others take by turns. */
const DAYS_LOOKED_AT = 3;
const TURNS = 30;
const IS_TURN = `(day::date - '2000-01-01') % ${TURNS} = extract(minute from now())::integer % ${TURNS}`;

const RUNNING = `
  create function metering.unjudged_of(of_day date, most integer) returns setof metering.day_to_judge
  language sql stable security definer set search_path = pg_catalog as $$
    ${STORED}
    where quality is null and block.date = of_day and ${WHOLE_HUB}
    order by block.meter limit most
  $$;

  create function metering.run_quality_night(of_day date) returns table (rule text, findings bigint)
  language plpgsql security definer set search_path = pg_catalog as $$
  #variable_conflict use_column
  declare
    by_edition integer;
  begin
    if not ${WHOLE_HUB} then raise exception 'the nightly pass judges the whole hub' using errcode = '42501'; end if;
    perform pg_advisory_xact_lock(hashtext('metering.quality_night'));
    select number into by_edition from metering.quality_edition where status = 'ADOPTED';
    ${NIGHT}
    return query select finding.rule, count(*) from metering.finding as finding
      where finding.date = of_day and superseded_at is null group by 1 order by 1;
  end $$;

  create function metering.late_after() returns interval language sql stable security definer set search_path = pg_catalog as $$
    select value::double precision * interval '1 hour' from metering.quality_value
    join metering.quality_edition on number = edition and status = 'ADOPTED' where rule = 'LATE' and name = 'hours'
  $$;

  -- Days whose deadline has passed, as far back as the hub catches up by itself.
  create function metering.days_caught_up() returns table (first_day date, last_day date)
  language sql stable as $$
    select last_day - ${DAYS_CAUGHT_UP}, last_day
    from (select (now() at time zone 'Asia/Shanghai' - metering.late_after())::date - 1) as passed (last_day)
  $$;

  -- When the last night began, by the hour of the edition in force.
  create function metering.night_began() returns timestamptz language sql stable security definer set search_path = pg_catalog as $$
    select (date_trunc('day', now() at time zone 'Asia/Shanghai' - hour) + hour) at time zone 'Asia/Shanghai'
    from metering.quality_value join metering.quality_edition on number = edition and status = 'ADOPTED'
    cross join lateral (select value::double precision * interval '1 hour' as hour) as said
    where rule = 'INDEX' and name = 'hour'
  $$;

  -- Once a night: days that were never judged, days of which anything came since, and days whose deadline passed since
  -- while a meter still owed them. The hub asks every minute, and mostly nothing came: of all but the last days
  -- it looks at a thirtieth each time. The plan is kept, because making it takes as long as the question.
  create index meter_time_zone on metering.meter (time_zone);
  create function metering.quality_nights_due() returns setof date
  language plpgsql stable security definer set search_path = pg_catalog as $$
  begin
    return query with recursive zone as (
      select min(time_zone) as name from metering.meter
      union all
      select (select min(time_zone) from metering.meter where time_zone > zone.name) from zone where zone.name is not null
    ), began as materialized (
      select at, first_day::timestamp as first, (at at time zone 'Asia/Shanghai')::date - interval '1 day' as last,
        metering.late_after() as late_after
      from metering.night_began() as at cross join metering.days_caught_up()
    )
    select day::date from began cross join generate_series(first, last, interval '1 day') as day
    left join metering.quality_night as night on night.date = day::date
    where ${WHOLE_HUB} and coalesce(ran_at < at, true)
      and (ran_at is null or day > last - interval '${DAYS_LOOKED_AT} days' or ${IS_TURN})
      and (exists (select from metering.day_block as block where block.date = day::date and block.recorded_at > coalesce(ran_at, '-infinity'))
        or (ran_at is null or exists (select from zone cross join lateral (
            select ((day::date + 1)::timestamp at time zone name) + late_after as deadline) as until
            where deadline >= ran_at and deadline < now())) and exists (
          select from metering.meter as owing
          cross join lateral (select ((day::date + 1)::timestamp at time zone time_zone) + late_after as deadline) as until
          where ${FIRST_DUE} <= day::date and coalesce(retired_on > day::date, true)
            and (ran_at is null or deadline >= ran_at and deadline < now())
            and not exists (select from metering.day_block as block where block.date = day::date and block.meter = owing.id)));
  end $$;

  revoke execute on function metering.late_after(), metering.days_caught_up(), metering.night_began(), metering.unjudged_of(date, integer), metering.run_quality_night(date),
    metering.quality_nights_due() from public;
  grant execute on function metering.unjudged_of(date, integer), metering.run_quality_night(date),
    metering.quality_nights_due() to hub_rooms;
`;

export const metering032: RoomMigration = { name: '032-nights', sql: MONTHS + DAYS + MARKED + RUNNING };
