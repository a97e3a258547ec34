import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite } from '../../runtime/reach.js';
import { ESTIMATE_METHODS, REJECTING_RULES } from '../estimates/making/methods.js';
import { unitOf } from '../readings/unit-of-scale.js';
import { FINEST, within } from './004-visible-days.js';

const AMONG = limitedFunction('metering.meter');
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Columns of which a withdrawal, or what was measured later, changes nothing. */
const KEPT = [
  'interval_minutes',
  'scale',
  'method',
  'is_bounded',
  'gap_from',
  'gap_to',
  'parameters',
  'made_from',
  'evidence_sha256',
];
const WRITTEN = [...KEPT, 'date', 'meter', 'change', 'values', 'replaced', 'case_id', 'note'];

/**
 * What stands in for values of a day that were not measured, a version a change: the last is in force. `replaced` has
 * the measured values of the same intervals, where there are any, so that nobody counts both.
 */
const TABLE = `
  create table metering.estimate_day (
    date date not null,
    meter text collate "C" not null,
    version integer not null,
    change text not null check (change in ('ESTIMATED', 'WITHDRAWN', 'SUPERSEDED')),
    area text not null,
    subject text not null,
    interval_minutes smallint not null,
    scale smallint not null check (scale between 0 and 6),
    values bigint[] not null,
    replaced bigint[] not null,
    total bigint not null,
    estimated smallint not null,
    replaced_total bigint not null,
    replaced_count smallint not null,
    method text not null check (method in (${quoted(Object.keys(ESTIMATE_METHODS))})),
    is_bounded boolean not null,
    gap_from date,
    gap_to date,
    parameters jsonb not null,
    made_from jsonb not null,
    case_id text not null references metering.quality_case,
    note text check (length(note) between 1 and 2000),
    evidence_sha256 text check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    estimated_by text not null,
    recorded_at timestamptz not null,
    superseded_at timestamptz,
    primary key (meter, date, version),
    constraint estimate_says_why check (change = 'SUPERSEDED' or note is not null),
    constraint manual_estimate_has_evidence check (method <> 'MANUAL' or evidence_sha256 is not null),
    constraint estimate_of_intervals check (cardinality(values) = 1440 / interval_minutes
      and cardinality(replaced) = cardinality(values)),
    constraint estimate_of_something check ((change = 'WITHDRAWN') <= (estimated = 0) and (change = 'ESTIMATED') <= (estimated > 0))
  );
  create unique index estimate_in_force on metering.estimate_day (date, meter) where superseded_at is null;
  create index estimate_of_subject on metering.estimate_day (subject, date) where superseded_at is null;
  create index estimate_of_case on metering.estimate_day (case_id);
  alter table metering.estimate_day enable row level security;
  create policy reading on metering.estimate_day for select to hub_rooms using (${within('AS_METERED')});
  create policy adding on metering.estimate_day for insert to hub_rooms
    with check (change <> 'SUPERSEDED' and area is not null and ${mayWrite('quality', { subject: null })});
  grant select, insert (${WRITTEN.join(', ')}) on metering.estimate_day to hub_rooms;
  ${appendOnly('metering.estimate_day', 'superseded_at')}
`;

/**
 * Whoever estimates: the day is over, the case is worked on and is about it, and for no measured value an estimate
 * stands in but one that the rule of the case rejects, or that a counter gathered over the gap before. Who uploads
 * meanwhile is waited for, because what was measured comes first.
 */
const CHECK = `
  create function metering.check_estimate(asked metering.estimate_day) returns void
  language plpgsql stable set search_path = pg_catalog as $$
  declare
    held metering.quality_case;
    known metering.meter;
    block metering.day_block;
  begin
    select * into known from metering.meter where id = asked.meter;
    if asked.date >= (now() at time zone known.time_zone)::date then
      raise exception 'the day is not over' using errcode = '23514', constraint = 'estimate_of_a_day_over';
    end if;
    select * into held from metering.quality_case where id = asked.case_id;
    if held.meter is distinct from asked.meter or asked.date not between held.first_date and held.last_date + 1 then
      raise exception 'the case is not about it' using errcode = '23514', constraint = 'estimate_case_of_day';
    end if;
    if held.status not in ('ASSIGNED', 'ESTIMATED') then
      raise exception 'a case that is % is not estimated', held.status using errcode = 'HB409';
    end if;
    if asked.change <> 'ESTIMATED' then return; end if;
    select * into block from metering.day_block where date = asked.date and meter = asked.meter;
    if block.interval_minutes <> asked.interval_minutes or exists (
      select from (
        select place, asked.values[place] as estimate, asked.replaced[place] * ${unitOf('asked.scale')} as stood,
          block.values[place] * ${unitOf('block.scale')} as measured
        from generate_subscripts(asked.values, 1) as place) as slot
      where (estimate is null and stood is not null) or (estimate is not null and stood is distinct from measured)
        or (stood is not null and known.kind <> 'REGISTER' and not exists (
          select from metering.finding as found
          where found.meter = asked.meter and found.rule = held.rule and found.superseded_at is null
            and found.rule in (${quoted(REJECTING_RULES)})
            and (found.date, found.first_interval) <= (asked.date, place - 1)
            and (found.last_date, found.last_interval) >= (asked.date, place - 1)
            and (found.last_date > found.date or get_bit(block.quality, place - 1) = 1))))
    then
      raise exception 'what was measured is not replaced' using errcode = '23514', constraint = 'estimate_of_missing_values';
    end if;
  end $$;

  create function metering.take_estimate() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    stood metering.estimate_day;
  begin
    if new.change <> 'SUPERSEDED' then perform pg_advisory_xact_lock(hashtext('metering.rollups')); end if;
    select * into stood from metering.estimate_day where date = new.date and meter = new.meter and superseded_at is null;
    if new.change = 'ESTIMATED' then
      -- Whose the day was: the meter may have changed hands since.
      select coalesce(block.area, of_day.area), coalesce(block.subject, of_day.subject) into new.area, new.subject
        from metering.quality_case as of_day
        left join metering.day_block as block on block.date = new.date and block.meter = of_day.meter
        where of_day.id = new.case_id;
    else
      if coalesce(stood.estimated, 0) = 0 then
        raise exception 'there is no estimate in force' using errcode = 'HB409';
      end if;
      ${['area', 'subject', ...KEPT].map((column) => `new.${column} := stood.${column};`).join(' ')}
    end if;
    if new.change = 'WITHDRAWN' then
      new.values := array_fill(null::bigint, array[cardinality(stood.values)]);
      new.replaced := new.values;
    end if;
    select coalesce(sum(value), 0), count(value) into new.total, new.estimated from unnest(new.values) as value;
    select coalesce(sum(value), 0), count(value) into new.replaced_total, new.replaced_count
      from unnest(new.replaced) as value;
    new.version := coalesce(stood.version, 0) + 1;
    new.estimated_by := case new.change when 'SUPERSEDED' then 'hub' else runtime.caller() end;
    new.recorded_at := now();
    if new.change <> 'SUPERSEDED' then perform metering.check_estimate(new); end if;
    update metering.estimate_day set superseded_at = now()
      where date = new.date and meter = new.meter and superseded_at is null;
    return new;
  end $$;
  revoke execute on function metering.check_estimate(metering.estimate_day), metering.take_estimate() from public;
  create trigger taken before insert on metering.estimate_day for each row execute function metering.take_estimate();
  alter table metering.estimate_day enable always trigger taken;

  -- Estimating takes the values as they were metered; who sees them coarser, or not at all, would take them for missing.
  create function metering.sees_as_metered(wanted text) returns boolean
  language sql stable security definer set search_path = pg_catalog as $$
    select exists (select from metering.meter where id = wanted
      and ${mayRead('readings', { limited: { column: 'id', among: AMONG }, finest: 'AS_METERED' })})
  $$;
  revoke execute on function metering.sees_as_metered(text) from public;
  grant execute on function metering.sees_as_metered(text) to hub_rooms;
`;

/** As days are seen: hours or the day alone where no more was consented, and then nothing of what lies beneath. */
const coarse = (values: string, total: string, count: string): string => `
        case granularity when 'AS_METERED' then ${values} when 'HOUR' then metering.hourly(${values}, interval_minutes)
          else array[case when ${count} > 0 then ${total} end] end`;
const VIEW = `
  create policy showing on metering.estimate_day for select to hub_views using (${within('DAY')});
  grant select on metering.estimate_day to hub_views;
  grant create on schema metering to hub_views;
  create view metering.visible_estimate_day as
    select date, meter, version, change, area, subject,
      case granularity when 'AS_METERED' then interval_minutes
        when 'HOUR' then greatest(interval_minutes, 60::smallint) else 1440::smallint end as interval_minutes,
      scale, ${coarse('values', 'total', 'estimated')} as values,
      ${coarse('replaced', 'replaced_total', 'replaced_count')} as replaced,
      total, estimated, replaced_total, replaced_count, method, is_bounded,
      case granularity when 'AS_METERED' then parameters else '{}' end as parameters, made_from, case_id,
      case granularity when 'AS_METERED' then note end as note, evidence_sha256, estimated_by, recorded_at,
      superseded_at, granularity
    from (select *, ${FINEST} as granularity from metering.estimate_day) as seen;
  alter view metering.visible_estimate_day owner to hub_views;
  revoke create on schema metering from hub_views;
  grant select on metering.visible_estimate_day to hub_rooms;
`;

export const metering037: RoomMigration = { name: '037-estimates', sql: `${TABLE} ${CHECK} ${VIEW}` };
