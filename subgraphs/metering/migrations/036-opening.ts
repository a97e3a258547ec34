import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite } from '../../runtime/reach.js';
import { OF_FINDING } from './030-quality.js';

const OF_METER = { limited: { column: 'meter', among: limitedFunction('metering.meter') } };

const SEVERITIES = `array['NOTICE', 'WARNING', 'SEVERE']`;

/** Of the findings just written, those that make cases; the rules are asked for once an area. */
const WORTH_A_CASE = `
      with place as materialized (
        select said.*, asked.area as of_area
        from (select distinct area from added) as asked cross join lateral metering.case_rules_of(asked.area) as said
      ), worth as materialized (
        select added.id, added.meter, added.rule, added.area, added.subject, added.date, added.last_date,
          added.version, reopen_days
        from added join metering.quality_rule on code = rule join place on of_area = added.area
        where superseded_at is null
          and array_position(${SEVERITIES}, severity) >= array_position(${SEVERITIES}, least_severity)
      )`;

/**
 * Findings become cases as they are written, whoever writes them: one case a meter and rule while it is open, and the
 * meter is whose and where it is: what is found after it changed hands is no business of who had it before. A finding
 * of a day that the closed case knew, of the same version, is the same one judged anew and opens nothing; nor does what is
 * left of a run that it knew. Open cases take theirs in one statement, because most findings are of one; whoever writes
 * locks cases in one order.
 */
const OPENING = `
  create function metering.open_cases() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    one record;
    held metering.quality_case;
    taken bigint[];
  begin
    ${WORTH_A_CASE}, open as materialized (
      select standing.id as case_id, meter, rule, subject, area
      from metering.quality_case as standing
      join (select distinct meter, rule, subject, area from worth) as found using (meter, rule, subject, area)
      where status <> 'CLOSED' order by meter, rule, subject, area for update of standing
    ), known as (
      insert into metering.case_finding (case_id, finding, date, last_date, version)
        select case_id, worth.id, date, last_date, version from worth join open using (meter, rule, subject, area)
        returning finding
    )
    select array_agg(finding) into taken from known;
    for one in ${WORTH_A_CASE}
      select meter, rule, area, subject, min(date) as date, array_agg(id order by id) as ids, reopen_days
      from worth left join unnest(taken) as finding on finding = id
      where finding is null
      group by meter, rule, area, subject, reopen_days order by meter, rule, subject, area
    loop
      perform pg_advisory_xact_lock(hashtextextended('metering.case ' || one.meter || ' ' || one.rule, 0));
      select * into held from metering.quality_case
        where meter = one.meter and rule = one.rule and subject = one.subject and area = one.area
        order by closed_at desc nulls first limit 1;
      if held.status = 'CLOSED' and not exists (select from added where id = any(one.ids) and not exists (
        select from metering.case_finding as known where known.case_id = held.id
          and known.date <= added.date and known.last_date >= added.last_date
          and (known.date = added.date and known.version is not distinct from added.version
            or known.date < added.date and (select found_at from metering.finding where id = known.finding)
              >= (select recorded_at from metering.day_block as day where day.date = added.date and day.meter = added.meter))))
      then continue; end if;
      if held.status = 'CLOSED' and held.closed_at >= now() - make_interval(days => one.reopen_days) then
        insert into metering.case_event (case_id, event, actor, meter, rule, area, subject, responsible, date)
          values (held.id, 'REOPENED', 'HUB', one.meter, one.rule, one.area, one.subject, one.area, one.date);
      elsif held.id is null or held.status = 'CLOSED' then
        held.id := 'cas_' || replace(gen_random_uuid()::text, '-', '');
        insert into metering.case_event (case_id, event, actor, meter, rule, area, subject, responsible, date)
          values (held.id, 'OPENED', 'HUB', one.meter, one.rule, one.area, one.subject, one.area, one.date);
      end if;
      insert into metering.case_finding (case_id, finding, date, last_date, version)
        select held.id, id, date, last_date, version from added where id = any(one.ids);
    end loop;
    return null;
  end $$;
  revoke execute on function metering.open_cases() from public;
  create trigger open_cases after insert on metering.finding referencing new table as added
    for each statement execute function metering.open_cases();
  alter table metering.finding enable always trigger open_cases;
`;

/** What somebody found and did at a meter. A record that was wrong is put right by another. */
const VISITS = `
  create table metering.maintenance_visit (
    id text primary key,
    meter text collate "C" not null,
    case_id text,
    area text not null,
    subject text not null,
    visited_on date not null,
    visitor text not null check (length(visitor) between 1 and 200),
    found text not null check (length(found) between 1 and 2000),
    done text not null check (length(done) between 1 and 2000),
    device text references metering.device,
    findings bigint[] not null default '{}',
    recorded_by text not null,
    recorded_at timestamptz not null,
    constraint visited_in_the_future check (visited_on <= (recorded_at at time zone 'UTC')::date + 1)
  );
  create index visit_of_meter on metering.maintenance_visit (meter, visited_on desc, id desc);
  create index visit_of_case on metering.maintenance_visit (case_id);
  create trigger of_meter before insert on metering.maintenance_visit for each row execute function metering.of_meter();

  create function metering.check_visit() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    new.recorded_by := runtime.caller();
    new.recorded_at := now();
    if new.case_id is not null and not exists (
      select from metering.quality_case where id = new.case_id and meter = new.meter)
    then
      raise exception 'no case of the meter' using errcode = '23514', constraint = 'visit_case_of_meter';
    end if;
    if new.device is not null and not exists (select from metering.device where id = new.device and meter = new.meter) then
      raise exception 'no device of the meter' using errcode = '23514', constraint = 'visit_device_of_meter';
    end if;
    if exists (select from unnest(new.findings) as named where not exists (
      select from metering.finding where id = named and meter = new.meter))
    then
      raise exception 'no finding of the meter' using errcode = '23514', constraint = 'visit_finding_of_meter';
    end if;
    return new;
  end $$;
  revoke execute on function metering.check_visit() from public;
  create trigger visited before insert on metering.maintenance_visit for each row execute function metering.check_visit();
  alter table metering.maintenance_visit enable row level security;
  create policy reading on metering.maintenance_visit for select to hub_rooms using (${mayRead('quality', OF_FINDING)});
  create policy adding on metering.maintenance_visit for insert to hub_rooms
    with check (area is not null and ${mayWrite('quality', OF_METER)});
  grant select, insert (id, meter, case_id, visited_on, visitor, found, done, device, findings)
    on metering.maintenance_visit to hub_rooms;
  ${appendOnly('metering.maintenance_visit')}
`;

/** A reminder counts all meters of an owner: who is limited to some kinds, types or levels of them sees none. */
const WITHOUT_MARKS = { marks: {} };

/** Who had not sent a day by its deadline, written once a day when that has passed. */
const REMINDERS = `
  create table metering.upload_reminder (
    id text primary key,
    date date not null,
    subject text not null,
    area text not null,
    platform text not null,
    due integer not null,
    missing integer not null,
    reminded_at timestamptz not null default now(),
    unique (date, subject, area, platform)
  );
  create index reminder_of_subject on metering.upload_reminder (subject, date);
  alter table metering.upload_reminder enable row level security;
  create policy reading on metering.upload_reminder for select to hub_rooms using (${mayRead('quality', WITHOUT_MARKS)});
  grant select on metering.upload_reminder to hub_rooms;
  ${appendOnly('metering.upload_reminder')}

  -- Days that were gone through once, so that only the last of them is looked at again.
  create table metering.reminded_day (
    date date primary key,
    reminded_at timestamptz not null default now()
  );
  alter table metering.reminded_day enable row level security;

  -- Of each day whose deadline has passed, as far back as the hub catches up; the deadline is that of the rule LATE.
  create function metering.remind_of_uploads() returns integer
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    days date[];
    made integer;
  begin
    if runtime.caller() is distinct from 'hub' then
      raise exception 'the hub reminds by itself' using errcode = '42501';
    end if;
    select array_agg(day::date) into days
      from metering.days_caught_up() cross join generate_series(first_day::timestamp, last_day, interval '1 day') as day
      where day = last_day or not exists (select from metering.reminded_day as known where known.date = day::date);
    insert into metering.upload_reminder (id, date, subject, area, platform, due, missing)
      select day || ' ' || subject || ' ' || area || ' ' || platform, day, subject, area, platform, count(*),
        count(*) filter (where not has_come)
      from unnest(days) as day join metering.meter
        on (registered_at at time zone 'Asia/Shanghai')::date <= day and coalesce(installed_on <= day, true)
          and coalesce(retired_on > day, true)
      cross join lateral (select exists (
        select from metering.day_block as block where block.date = day and block.meter = meter.id) as has_come) as here
      where not exists (select from metering.upload_reminder as known where known.date = day
        and known.subject = meter.subject and known.area = meter.area and known.platform = meter.platform)
      group by day, subject, area, platform
      having not bool_and(has_come)
      on conflict do nothing;
    get diagnostics made = row_count;
    insert into metering.reminded_day (date) select unnest(days) on conflict do nothing;
    return made;
  end $$;
  revoke execute on function metering.remind_of_uploads() from public;
  grant execute on function metering.remind_of_uploads() to hub_rooms;
`;

export const metering036: RoomMigration = {
  name: '036-opening',
  sql: `${OPENING} ${VISITS} ${REMINDERS}`,
};
