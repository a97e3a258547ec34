import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead, mayWrite } from '../../runtime/reach.js';
import { actorsOf, CASE_TRANSITIONS } from '../cases/transitions.js';
import { OF_FINDING } from './030-quality.js';

/** What opens a case and how long it may take, by area; the nearest that says something counts. */
const RULES = `
  create table metering.case_rules (
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    version integer not null,
    least_severity text not null check (least_severity in ('NOTICE', 'WARNING', 'SEVERE')),
    working_days smallint not null check (working_days between 1 and 60),
    reopen_days smallint not null check (reopen_days between 0 and 365),
    reason text not null check (length(reason) between 1 and 500),
    set_by text not null,
    set_at timestamptz not null,
    primary key (area, version)
  );
  insert into metering.case_rules values ('100000', 1, 'WARNING', 3, 30, 'as delivered', 'hub', now());
  alter table metering.case_rules enable row level security;
  create policy reading on metering.case_rules for select to hub_rooms using (true);
  create policy adding on metering.case_rules for insert to hub_rooms
    with check (${mayDo('quality', 'approve', { subject: null })});
  grant select, insert (area, least_severity, working_days, reopen_days, reason) on metering.case_rules to hub_rooms;
  ${appendOnly('metering.case_rules')}

  create function metering.next_case_rules() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.case_rules ' || new.area, 0));
    select coalesce(max(version), 0) + 1 into new.version from metering.case_rules where area = new.area;
    new.set_by := runtime.caller();
    new.set_at := now();
    return new;
  end $$;
  create trigger next_case_rules before insert on metering.case_rules
    for each row execute function metering.next_case_rules();

  create function metering.case_rules_of(place text) returns metering.case_rules
  language sql stable security definer set search_path = pg_catalog as $$
    select * from metering.case_rules
    where area = '100000' or starts_with(place, regexp_replace(area, '(00)+$', ''))
    order by area = '100000', length(regexp_replace(area, '(00)+$', '')) desc, version desc limit 1
  $$;
  create function metering.today_in_china() returns date language sql stable set search_path = pg_catalog as $$
    select (now() at time zone 'Asia/Shanghai')::date
  $$;
  -- In a municipality a district stands right below the city: its codes have no prefecture between.
  create function metering.area_above(place text) returns text language sql immutable set search_path = pg_catalog as $$
    select case when place like '__0000' then '100000'
      when place like '____00' or left(place, 2) in ('11', '12', '31', '50') then left(place, 2) || '0000'
      else left(place, 4) || '00' end
  $$;
  revoke execute on function metering.next_case_rules(), metering.case_rules_of(text), metering.today_in_china(),
    metering.area_above(text) from public;
  grant execute on function metering.today_in_china() to hub_rooms;
`;

/** How a case stands now: what its events come to, written by their trigger and by nobody else. */
const CASES = `
  create table metering.quality_case (
    id text primary key,
    meter text collate "C" not null,
    rule text not null references metering.quality_rule,
    area text not null,
    subject text not null,
    status text not null default 'OPEN',
    last_event integer not null default 1,
    first_date date not null,
    last_date date not null,
    finding_count integer not null default 0,
    opened_at timestamptz not null default now(),
    due_on date not null,
    responsible text not null,
    is_escalated boolean not null default false,
    assignee text,
    closed_at timestamptz
  );
  create unique index one_open_case on metering.quality_case (meter, rule, subject, area) where status <> 'CLOSED';
  create index case_of_meter on metering.quality_case (meter, rule, closed_at);
  create index case_of_subject on metering.quality_case (subject);
  create index case_due on metering.quality_case (due_on, id) where status <> 'CLOSED';

  create table metering.case_finding (
    case_id text not null references metering.quality_case,
    finding bigint not null unique references metering.finding,
    date date not null,
    last_date date not null,
    version integer,
    primary key (case_id, finding)
  );

  create table metering.case_transition (
    event text not null,
    from_status text not null,
    to_status text not null,
    actor text not null,
    is_escalated boolean not null,
    primary key (event, from_status, actor, is_escalated)
  );
  insert into metering.case_transition values
    ${CASE_TRANSITIONS.flatMap(({ event, from, to }) =>
      [false, true].flatMap((isEscalated) =>
        (actorsOf(event, from, isEscalated) ?? []).map(
          (actor) => `('${event}', '${from}', '${to}', '${actor}', ${isEscalated})`,
        ),
      ),
    ).join(',\n    ')};

  create table metering.case_event (
    case_id text not null,
    number integer not null,
    event text not null,
    from_status text not null,
    status text not null,
    actor text not null,
    tenant text not null,
    at timestamptz not null,
    note text check (length(note) between 1 and 2000),
    evidence_sha256 text check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    assignee text check (length(assignee) between 1 and 200),
    meter text collate "C" not null,
    rule text not null,
    area text not null,
    subject text not null,
    responsible text not null,
    date date not null,
    primary key (case_id, number),
    constraint assigned_to_somebody check ((event = 'ASSIGNED') = (assignee is not null)),
    constraint answer_says_what check (event not in ('EXPLAINED', 'REPAIRED', 'ESTIMATED') or note is not null)
  );
  ${['quality_case', 'case_event']
    .map(
      (table) => `
  alter table metering.${table} enable row level security;
  create policy reading on metering.${table} for select to hub_rooms using (${mayRead('quality', OF_FINDING)});
  grant select on metering.${table} to hub_rooms;`,
    )
    .join('')}
  alter table metering.case_finding enable row level security;
  create policy reading on metering.case_finding for select to hub_rooms
    using (exists (select from metering.finding as found where found.id = finding));
  alter table metering.case_transition enable row level security;
  grant select on metering.case_finding to hub_rooms;
  create policy adding on metering.case_event for insert to hub_rooms with check (case actor
    when 'SUBJECT' then subject = any((select runtime.subjects_to('quality', 'write'))::text[])
    when 'PLATFORM' then ${mayWrite('quality', { subject: null })}
    when 'SUPERVISOR' then ${mayDo('quality', 'approve', { area: 'responsible', subject: null })}
    when 'HUB' then (select runtime.caller()) = 'hub' and (select runtime.granted_to('quality', 'write'))
    else false end);
  grant insert (case_id, event, actor, note, evidence_sha256, assignee) on metering.case_event to hub_rooms;
  ${appendOnly('metering.case_event')}
  ${appendOnly('metering.case_finding')}
  ${appendOnly('metering.case_transition')}
`;

/** Gives an event its place and refuses what no transition allows; the row lock keeps two from taking the same step. */
const TAKING = `
  create function metering.take_case_event() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare held metering.quality_case;
  begin
    select * into held from metering.quality_case where id = new.case_id for update;
    new.from_status := coalesce(held.status, 'NONE');
    new.number := coalesce(held.last_event, 0) + 1;
    new.tenant := case new.actor when 'HUB' then 'hub' else runtime.caller() end;
    new.at := now();
    select to_status into new.status from metering.case_transition as known
      where known.event = new.event and known.from_status = new.from_status and known.actor = new.actor
        and known.is_escalated = coalesce(held.is_escalated, false);
    if not found or new.event = 'ESCALATED' and
      (held.due_on >= metering.today_in_china() or held.responsible = '100000')
    then
      raise exception 'a case that is % is not % by the %', new.from_status, new.event, new.actor using errcode = 'HB409';
    end if;
    if held.id is not null then
      new.meter := held.meter; new.rule := held.rule; new.area := held.area; new.subject := held.subject;
      new.responsible := case new.event when 'ESCALATED' then metering.area_above(held.responsible)
        when 'REOPENED' then held.area else held.responsible end;
      new.date := coalesce(new.date, held.last_date);
    end if;
    return new;
  end $$;
  create trigger taken before insert on metering.case_event for each row execute function metering.take_case_event();

  create function metering.project_case_event() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare due date;
  begin
    if new.event in ('OPENED', 'REOPENED', 'ESCALATED') then
      due := metering.working_days(metering.today_in_china(), (metering.case_rules_of(new.area)).working_days, new.area);
    end if;
    if new.number = 1 then
      insert into metering.quality_case (id, meter, rule, area, subject, first_date, last_date, due_on, responsible)
        values (new.case_id, new.meter, new.rule, new.area, new.subject, new.date, new.date, due, new.area);
    end if;
    update metering.quality_case set status = new.status, last_event = new.number, responsible = new.responsible,
        due_on = coalesce(due, due_on),
        is_escalated = case new.event when 'ESCALATED' then true when 'REOPENED' then false else is_escalated end,
        assignee = case when new.event in ('REOPENED', 'ASSIGNED') then new.assignee else assignee end,
        closed_at = case new.status when 'CLOSED' then new.at end
      where id = new.case_id;
    return null;
  end $$;
  create trigger projected after insert on metering.case_event for each row execute function metering.project_case_event();

  create function metering.count_case_findings() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    update metering.quality_case set finding_count = finding_count + findings, first_date = least(first_date, first),
        last_date = greatest(last_date, last)
      from (select case_id, count(*) as findings, min(date) as first, max(added.last_date) as last
        from added group by case_id) as more
      where id = more.case_id;
    return null;
  end $$;
  create trigger counted after insert on metering.case_finding referencing new table as added
    for each statement execute function metering.count_case_findings();

  create function metering.case_events_alone() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op in ('INSERT', 'UPDATE') and pg_trigger_depth() > 1 then return null; end if;
    raise exception 'metering.quality_case is what its events come to: % is refused', lower(tg_op)
      using errcode = 'insufficient_privilege', hint = 'What is to change is a further event.';
  end $$;
  create trigger refuse_change before insert or update or delete or truncate on metering.quality_case
    for each statement execute function metering.case_events_alone();
  alter table metering.quality_case enable always trigger refuse_change;
  revoke execute on function metering.take_case_event(), metering.project_case_event(), metering.count_case_findings(),
    metering.case_events_alone() from public;
`;

export const metering035: RoomMigration = {
  name: '035-cases',
  sql: `${RULES} ${CASES} ${TAKING}`,
};
