import type { RoomMigration } from '../../runtime/migrate.js';
import { isInRun, isSameOverMidnight, RUN_RULES, RUNS_OVER, TOLD_EDGES } from '../quality/runs/statements.js';
import { AS_INDEXED, MAY_JUDGE } from './031-judging.js';
import { WHOLE_HUB } from './032-nights.js';

const ONE_BY_ONE = 'set enable_hashjoin = off set enable_mergejoin = off';
const EDGE_BESIDE = `(select from metering.run_edge where run_edge.meter = added.meter
        and run_edge.date between added.date - 1 and added.date + 1 limit 1)`;

/** Only of days that the statement has written. */
const keepTold = (): string => `
    if coalesce(current_setting('${TOLD_EDGES}', true), '') <> '' then
      insert into metering.run_edge (meter, date)
        select meter, date
        from (select split_part(one, '=', 1) as meter, split_part(one, '=', 2)::date as date
          from string_to_table(current_setting('${TOLD_EDGES}'), ' ') as one) as told
        join added using (meter, date) order by 1, 2 on conflict do nothing;
    end if;`;

/** Days at whose beginning or end half a run stands. A day that ceased to be one stays: it costs a look and no more. */
const EDGES = `
  create table metering.run_edge (
    meter text collate "C" not null,
    date date not null,
    primary key (meter, date)
  );
  alter table metering.run_edge enable row level security;

  create type metering.stored_run as (meter text, area text, subject text, first_date date, first_interval smallint,
    last_date date, last_interval smallint, interval_minutes smallint, value numeric, batch text, version integer);
  create type metering.day_run as (meter text, area text, subject text, first_date date, first_interval smallint,
    last_date date, last_interval smallint, interval_minutes smallint, value numeric, batch text, version integer,
    rule text, length integer, bound integer);

  create function metering.runs_over(meters text[], dates date[]) returns setof metering.stored_run
  language plpgsql stable security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  #variable_conflict use_column
  declare
    since date;
    until date;
    first_known date;
    last_known date;
    runs metering.stored_run[];
  begin
    select min(day) - 2, max(day) + 1 into since, until from unnest(dates) as day;
    -- Runs that are known may go further, and others stand beside those.
    loop
      select min(run.date) - 1, max(run.last_date) + 1 into first_known, last_known
        from metering.finding as run where run.meter = any(meters) and run.superseded_at is null
          and run.last_date > run.date and run.last_date >= since and run.date <= until;
      exit when first_known is null or first_known >= since and last_known <= until;
      since := least(since, first_known);
      until := greatest(until, last_known);
    end loop;
    runs := array(select row(run.*)::metering.stored_run from (${RUNS_OVER}) as run);
    if exists (select from unnest(runs) as run where run.first_date = since or run.last_date = until) then
      since := '-infinity';
      until := 'infinity';
      runs := array(select row(run.*)::metering.stored_run from (${RUNS_OVER}) as run);
    end if;
    return query select * from unnest(runs);
  end $$;

  -- Those that are long enough by an edition.
  create function metering.run_findings(by_edition integer, meters text[], dates date[]) returns setof metering.day_run
  language plpgsql stable security definer set search_path = pg_catalog as $$
  #variable_conflict use_column
  begin
    return query select run.*, judged.rule, judged.length, judged.bound
    from metering.runs_over(meters, dates) as run
    cross join (select max(ceil(value)) filter (where rule = 'ZERO_RUN' and name = 'minutes') as minutes,
      max(ceil(value)) filter (where rule = 'STUCK' and name = 'count') as count
      from metering.quality_value where edition = by_edition) as setting
    cross join lateral (select
      case when run.value = 0 then 'ZERO_RUN' else 'STUCK' end as rule,
      (last_date - first_date) * (1440 / interval_minutes) + last_interval - first_interval + 1 as length,
      (case when run.value = 0 then greatest(1, ceil(minutes / interval_minutes)) else count end)::integer as bound
    ) as judged
    where judged.length >= judged.bound;
  end $$;
`;

/**
 * Makes one finding of each run over the midnights of some days, in place of what was found of its parts. What a day by
 * itself was found to have holds again where the run does not any more, as long as the day is the same version.
 */
const UNITING = `
  -- What was found of a run's days one by one, and of shorter or longer runs that overlap it.
  create function metering.parts_of_runs(runs metering.day_run[]) returns setof bigint
  language sql stable set search_path = pg_catalog ${AS_INDEXED} ${ONE_BY_ONE} as $$
    select part.id from unnest(runs) as run join metering.finding as part
      on part.meter = run.meter and part.rule = run.rule and part.date between run.first_date and run.last_date
    where part.superseded_at is null and part.last_date = part.date
      and (part.date, part.first_interval) >= (run.first_date, run.first_interval)
      and (part.last_date, part.last_interval) <= (run.last_date, run.last_interval)
    union all
    select other.id from unnest(runs) as run join metering.finding as other
      on other.meter = run.meter and other.rule = run.rule and other.last_date >= run.first_date
    where other.superseded_at is null and other.last_date > other.date
      and (other.date, other.first_interval) <= (run.last_date, run.last_interval)
      and (other.last_date, other.last_interval) >= (run.first_date, run.first_interval)
      and (other.date, other.first_interval, other.last_date, other.last_interval)
        <> (run.first_date, run.first_interval, run.last_date, run.last_interval)
  $$;

  -- The runs over the midnights before some days.
  create function metering.write_runs(meters text[], midnights date[]) returns void
  language plpgsql security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  declare
    by_edition integer;
    wanted metering.day_run[];
  begin
    select number into by_edition from metering.quality_edition where status = 'ADOPTED';
    wanted := array(select run from metering.run_findings(by_edition, meters, midnights) as run);
    if cardinality(wanted) = 0 then return; end if;
    update metering.finding set superseded_at = now() where id in (select metering.parts_of_runs(wanted));
    insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_date, last_interval,
        evidence, batch, version, found_by)
      select rule, by_edition, meter, area, subject, first_date, first_interval, last_date, last_interval,
        jsonb_build_object('count', length::text, 'bound', bound::text)
          || case rule when 'STUCK' then jsonb_build_object('value', trim_scale(value)::text) else '{}' end,
        batch, version, 'INGEST'
      from unnest(wanted) order by meter, first_date
      on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing;
  end $$;

  -- Of days that are other than they were: also the runs that went over them, and what those held back.
  create function metering.unite_runs(meters text[], dates date[]) returns void
  language plpgsql security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  declare
    since date;
    until date;
  begin
    perform metering.write_runs(array_agg(meter), array_agg(date + beside))
      from unnest(meters, dates) as asked (meter, date) cross join generate_series(-1, 2) as beside;
    select min(day) - 1, max(day) + 1 into since, until from unnest(dates) as day;
    insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_date, last_interval,
        evidence, batch, version, found_by)
      select distinct on (former.meter, former.date, former.rule) former.rule, edition, former.meter, block.area,
        block.subject, former.date, first_interval, former.date, last_interval, evidence, former.batch, former.version, found_by
      from (select distinct meter, date + beside as date
        from unnest(meters, dates) as asked (meter, date), generate_series(-1, 1) as beside) as near
      join metering.finding as former on former.meter = near.meter and former.date = near.date
        and former.last_date = former.date and former.rule in ${RUN_RULES} and superseded_at is not null
      join metering.day_block as block on block.date = former.date and block.meter = former.meter
        and block.version = former.version and block.date between since and until
      where not ${isInRun('former')}
      order by former.meter, former.date, former.rule, former.id desc
      on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing;
  end $$;
`;

/** Whoever writes a day beside which half a run stands, in whatever order days come; and the night, by the edition in force. */
const WRITING = `
  create function metering.unite_written() returns trigger
  language plpgsql security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  declare
    meters text[];
    midnights date[];
  begin
    ${keepTold()}
    -- Of each midnight that a run goes over one of the two days is an edge.
    select array_agg(meter), array_agg(midnight) into meters, midnights
      from (
        select distinct added.meter, midnight
        from added join lateral (select date from metering.run_edge where run_edge.meter = added.meter
          and run_edge.date between added.date - 1 and added.date + 1) as edge on true
        cross join lateral (values (added.date, edge.date <= added.date), (added.date + 1, edge.date >= added.date))
          as beside (midnight, is_of_edge)
        where is_of_edge
      ) as over;
    if meters is not null then perform metering.write_runs(meters, midnights); end if;
    return null;
  end $$;

  create function metering.unite_rewritten() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    meters text[];
    dates date[];
  begin
    ${keepTold()}
    select array_agg(meter), array_agg(date) into meters, dates
      from taken join added using (date, meter) cross join lateral ${EDGE_BESIDE} as edge
      where added.version > taken.version;
    if meters is not null then perform metering.unite_runs(meters, dates); end if;
    return null;
  end $$;

  -- By their names they fire after the days' own findings went out of force.
  create trigger unite_written after insert on metering.day_block referencing new table as added
    for each statement execute function metering.unite_written();
  create trigger unite_rewritten after update on metering.day_block referencing old table as taken new table as added
    for each statement execute function metering.unite_rewritten();
  alter table metering.day_block enable always trigger unite_written;
  alter table metering.day_block enable always trigger unite_rewritten;

  create function metering.record_edges(meters text[], dates date[]) returns void
  language plpgsql security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  declare
    known_meters text[];
    known_dates date[];
  begin
    select array_agg(block.meter), array_agg(block.date) into known_meters, known_dates
      from unnest(meters, dates) as one (meter, date)
      join metering.day_block as block on block.date = one.date and block.meter = one.meter
      where ${MAY_JUDGE};
    if known_meters is null then return; end if;
    insert into metering.run_edge select * from unnest(known_meters, known_dates) order by 1, 2 on conflict do nothing;
    perform metering.unite_runs(known_meters, known_dates);
  end $$;

  -- Of days from before the rules, or judged by an edition that asked for longer runs.
  create function metering.unite_runs_of(of_day date) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    meters text[];
  begin
    if not ${WHOLE_HUB} then raise exception 'the nightly pass judges the whole hub' using errcode = '42501'; end if;
    select array_agg(later.meter) into meters
      from metering.day_block as later join metering.day_block as earlier
        on earlier.meter = later.meter and earlier.date = of_day - 1 and earlier.interval_minutes = later.interval_minutes
      where later.date = of_day and ${isSameOverMidnight('earlier', 'later')};
    if meters is null then return; end if;
    perform metering.unite_runs(meters, array_fill(of_day, array[cardinality(meters)]));
  end $$;

  revoke execute on function metering.runs_over(text[], date[]), metering.run_findings(integer, text[], date[]),
    metering.parts_of_runs(metering.day_run[]), metering.write_runs(text[], date[]),
    metering.unite_runs(text[], date[]), metering.unite_written(), metering.unite_rewritten(),
    metering.record_edges(text[], date[]), metering.unite_runs_of(date) from public;
  grant execute on function metering.record_edges(text[], date[]), metering.unite_runs_of(date) to hub_rooms;
`;

export const metering033: RoomMigration = { name: '033-runs', sql: EDGES + UNITING + WRITING };
