import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo } from '../../runtime/reach.js';
import { isInRun } from '../quality/runs/statements.js';

/**
 * What is asked for few days of few meters is looked for one by one, as it is indexed. A plan is made once a session,
 * because planning looks at every month's partition, and lasts while the tables grow that were empty: left to guess, each
 * chunk of an upload would read all findings and edges.
 */
export const AS_INDEXED = 'set enable_seqscan = off set plan_cache_mode = force_generic_plan';

/** Days as they are stored, with what their meters are known to use: for judging what no upload judged as it came. */
export const STORED = `
    select block.meter, block.date::text, block.date - '2000-01-01'::date, block.version, block.interval_minutes,
      block.scale, block.values::text[], rated_maximum_per_hour::text, usual.per_hour::text, time_zone,
      case when block.version = 1 and block.date >= greatest(installed_on, (registered_at at time zone time_zone)::date)
        then extract(epoch from block.recorded_at - ((block.date + 1)::timestamp at time zone time_zone)) / 3600
      end::double precision,
      case when kind = 'REGISTER' and not exists (select from metering.device where device.meter = block.meter
          and (installed_at at time zone time_zone)::date = block.date)
        then (select array[(select earlier.values[cardinality(earlier.values)] from metering.register_day as earlier
            where earlier.meter = shown.meter and earlier.date = shown.date - 1 and earlier.scale = shown.scale)] || shown.values
          from metering.register_day as shown where shown.meter = block.meter and shown.date = block.date
            and shown.interval_minutes = block.interval_minutes)::text[]
      end
    from metering.day_block as block join metering.meter on id = block.meter
    left join metering.usual_maximum as usual on usual.meter = block.meter`;

/** Of a block: who wrote it in this transaction, the owner at the machine, or who may write quality of it. */
export const MAY_JUDGE = `(block.changed = pg_current_xact_id()
        or pg_has_role(session_user, (select nspowner from pg_namespace where nspname = 'metering'), 'member')
        or ${mayDo('quality', 'write', { area: 'block.area', subject: 'block.subject' })})`;

/** Where a run over midnight has taken its place already, a finding is kept for the day when the run holds no more. */
const SUPERSEDED_AT = `case when ${isInRun('one', 'first', 'last')} then now() end`;

/**
 * What an upload may know and write of quality without any right to it: findings of what its own transaction wrote.
 * A correction of a day that came in time is not late.
 */
const RECORDING = `
  create function metering.record_findings(by_edition integer, found jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog ${AS_INDEXED} as $$
  declare
    since date;
    until date;
  begin
    -- The table is looked at in these months alone.
    select min(date), max(date) into since, until from jsonb_to_recordset($2) as one (date date);
    insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_interval, last_date, evidence,
        batch, version, found_by, superseded_at)
      select one.rule, by_edition, one.meter, block.area, block.subject, one.date, one.first, one.last, one.date, one.evidence,
        block.batch, block.version, 'INGEST', ${SUPERSEDED_AT}
      from jsonb_to_recordset($2) as one (rule text, meter text, date date, first smallint, last smallint, evidence jsonb)
      -- Days are looked for one by one, as they are indexed: all blocks are never read for a few findings.
      cross join lateral (select area, subject, batch, version, changed from metering.day_block
        where day_block.date = one.date and day_block.meter = one.meter and day_block.date between since and until
        offset 0) as block
      where block.changed = pg_current_xact_id() and (one.rule <> 'LATE' or block.version = 1)
      on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing;
  end $$;

  create type metering.day_to_judge as (meter text, date text, day integer, version integer, "interval" smallint,
    scale smallint, "values" text[], rated_per_hour text, usual_per_hour text, time_zone text, hours double precision,
    registers text[]);
  create function metering.days_to_judge(meters text[], dates date[]) returns setof metering.day_to_judge
  language sql stable security definer set search_path = pg_catalog as $$
    ${STORED}
    join unnest(meters, dates) as asked (meter, date) on asked.date = block.date and asked.meter = block.meter
    where quality is null and block.changed = pg_current_xact_id_if_assigned()
  $$;

  create function metering.record_judgements(by_edition integer, marked jsonb, found jsonb) returns void
  language sql security definer set search_path = pg_catalog as $$
    with judged as (
      update metering.day_block as block set quality = decode(marks, 'hex')
      from jsonb_to_recordset(marked) as one (meter text, date date, version integer, marks text)
      where block.date = one.date and block.meter = one.meter and block.version = one.version and block.quality is null
        and ${MAY_JUDGE}
      returning block.date, block.meter, block.area, block.subject, block.batch, block.version
    )
    insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_interval, last_date, evidence,
        batch, version, found_by, superseded_at)
      select one.rule, by_edition, one.meter, judged.area, judged.subject, one.date, one.first, one.last, one.date, one.evidence,
        judged.batch, judged.version, 'INGEST', ${SUPERSEDED_AT}
      from jsonb_to_recordset(found) as one (rule text, meter text, date date, first smallint, last smallint, evidence jsonb)
      join judged on judged.date = one.date and judged.meter = one.meter
      on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing
  $$;

  revoke execute on function metering.record_findings(integer, jsonb), metering.days_to_judge(text[], date[]),
    metering.record_judgements(integer, jsonb, jsonb) from public;
  grant execute on function metering.record_findings(integer, jsonb), metering.days_to_judge(text[], date[]),
    metering.record_judgements(integer, jsonb, jsonb) to hub_rooms;
`;

export const metering031: RoomMigration = { name: '031-judging', sql: RECORDING };
