import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayDo, mayRead, type ReachColumns } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

/** Evidence says values: who may see only coarser sums of a meter sees no findings of it. */
export const OF_FINDING: ReachColumns = {
  limited: { column: 'meter', among: limitedFunction('metering.meter') },
  finest: 'AS_METERED',
};

const RULES = (): string =>
  referenceTable(
    'metering.quality_rule',
    `code text primary key, name_zh text not null, name_en text not null,
      dimension text not null check (dimension in
        ('COMPLETENESS', 'TIMELINESS', 'ACCURACY', 'CONSISTENCY', 'VALIDITY', 'BALANCE', 'COMPOSITE')),
      severity text not null check (severity in ('NOTICE', 'WARNING', 'SEVERE')),
      found_by text not null check (found_by in ('INGEST', 'NIGHTLY')), definition text not null, note text`,
    readReference(import.meta.url, 'quality_rules.csv'),
  ) +
  referenceTable(
    'metering.quality_parameter',
    `rule text references metering.quality_rule, name text, name_zh text not null, default_value numeric not null,
      minimum numeric not null, maximum numeric not null, unit text, primary key (rule, name),
      check (default_value between minimum and maximum)`,
    readReference(import.meta.url, 'quality_parameters.csv'),
  );

/** What an edition does not say of a parameter that came later is its default. */
const EDITIONS = `
  create table metering.quality_edition (
    number integer primary key check (number > 0),
    status text not null default 'DRAFT' check (status in ('DRAFT', 'ADOPTED', 'SUPERSEDED')),
    based_on integer references metering.quality_edition,
    reason text not null check (length(reason) between 1 and 2000),
    proposed_by text not null,
    proposed_at timestamptz not null default now(),
    adopted_by text,
    adopted_at timestamptz,
    check ((status = 'DRAFT') = (adopted_by is null) and (adopted_by is null) = (adopted_at is null))
  );
  create unique index one_edition_in_force on metering.quality_edition (status) where status = 'ADOPTED';

  create table metering.quality_setting (
    edition integer references metering.quality_edition,
    rule text,
    name text,
    value numeric not null,
    primary key (edition, rule, name),
    foreign key (rule, name) references metering.quality_parameter
  );
  create view metering.quality_value with (security_invoker = true) as
    select number as edition, parameter.rule, parameter.name, parameter.name_zh, coalesce(value, default_value) as value,
      default_value, minimum, maximum, unit, source, confidence, verified
    from metering.quality_edition cross join metering.quality_parameter as parameter
    left join metering.quality_setting as given
      on given.edition = number and given.rule = parameter.rule and given.name = parameter.name;
  grant select on metering.quality_value to hub_rooms;

  ${['quality_edition', 'quality_setting']
    .map(
      (table) => `
  alter table metering.${table} enable row level security;
  create policy reading on metering.${table} for select to hub_rooms using (true);
  grant select on metering.${table} to hub_rooms;`,
    )
    .join('')}
  ${appendOnly('metering.quality_edition', 'status', 'adopted_by', 'adopted_at')}
  ${appendOnly('metering.quality_setting')}

  create function metering.check_quality_setting() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if not exists (select from metering.quality_parameter as parameter where parameter.rule = new.rule
      and parameter.name = new.name and new.value between minimum and maximum)
    then
      raise exception 'a parameter is out of its bounds' using errcode = '23514', constraint = 'quality_setting_bounds';
    end if;
    return new;
  end $$;
  revoke execute on function metering.check_quality_setting() from public;
  create trigger check_bounds before insert on metering.quality_setting
    for each row execute function metering.check_quality_setting();

  insert into metering.quality_edition (number, status, reason, proposed_by, adopted_by, adopted_at)
    values (1, 'ADOPTED', 'as delivered', 'hub', 'hub', now());
  insert into metering.quality_setting (edition, rule, name, value)
    select 1, rule, name, default_value from metering.quality_parameter;
`;

/**
 * Rules judge all meters of the hub, whoever's they are. Anybody with the right to write quality may propose; who adopts
 * must reach every meter that is judged, and be another than who proposed.
 */
const ADOPTION = `
  create function metering.propose_quality_edition(why text, changes jsonb) returns integer
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    current integer;
    following integer;
  begin
    if coalesce(cardinality(runtime.areas_to('quality', 'write')), 0) = 0 then
      raise exception 'proposing takes quality:write' using errcode = '42501';
    end if;
    perform pg_advisory_xact_lock(hashtext('metering.quality_edition'));
    select number into current from metering.quality_edition where status = 'ADOPTED';
    select max(number) + 1 into following from metering.quality_edition;
    insert into metering.quality_edition (number, based_on, reason, proposed_by)
      values (following, current, why, runtime.caller());
    insert into metering.quality_setting (edition, rule, name, value)
      select following, rule, name, coalesce(changed.value, stood.value)
      from metering.quality_value as stood
      left join jsonb_to_recordset(changes) as changed (rule text, name text, value numeric) using (rule, name)
      where stood.edition = current;
    return following;
  end $$;

  create function metering.adopt_quality_edition(wanted integer) returns text
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    draft metering.quality_edition;
  begin
    perform pg_advisory_xact_lock(hashtext('metering.quality_edition'));
    select * into draft from metering.quality_edition where number = wanted;
    if not found then return 'NOT_FOUND'; end if;
    if coalesce(cardinality(runtime.areas_to('quality', 'approve')), 0) = 0 or exists (
      select from (select distinct area from metering.meter) as place
      where not coalesce(${mayDo('quality', 'approve', { area: 'place.area', subject: null })}, false))
    then
      return 'OUT_OF_REACH';
    end if;
    if draft.proposed_by = runtime.caller() then return 'FOUR_EYES'; end if;
    if draft.status <> 'DRAFT' then return 'WRONG_STATE'; end if;
    if not exists (select from metering.quality_edition where number = draft.based_on and status = 'ADOPTED') then
      return 'STALE';
    end if;
    update metering.quality_edition set status = 'SUPERSEDED' where status = 'ADOPTED';
    update metering.quality_edition set status = 'ADOPTED', adopted_by = runtime.caller(), adopted_at = now()
      where number = wanted;
    return 'ADOPTED';
  end $$;

  revoke execute on function metering.propose_quality_edition(text, jsonb), metering.adopt_quality_edition(integer) from public;
  grant execute on function metering.propose_quality_edition(text, jsonb), metering.adopt_quality_edition(integer) to hub_rooms;
`;

/**
 * One row a rule and day of a meter, the block's bitmap says which values; and one for a run over midnight, which counts
 * as of the day on which it begins. A day that is written anew takes the findings that it is part of out of force: it is
 * judged again. That it first came late stays so.
 */
const FINDINGS = `
  create table metering.finding (
    id bigint generated always as identity primary key,
    rule text not null references metering.quality_rule,
    edition integer not null references metering.quality_edition,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    date date not null,
    first_interval smallint,
    last_interval smallint,
    last_date date not null,
    evidence jsonb not null default '{}',
    batch text,
    version integer,
    found_by text not null check (found_by in ('INGEST', 'NIGHTLY')),
    found_at timestamptz not null default now(),
    superseded_at timestamptz,
    check ((last_date, last_interval) >= (date, first_interval))
  );
  create unique index finding_in_force on metering.finding (date, meter, rule, (last_date > date)) where superseded_at is null;
  create index finding_over_midnight on metering.finding (meter, last_date) where superseded_at is null and last_date > date;
  create index finding_until on metering.finding (last_date);
  create index finding_of_meter on metering.finding (meter, date);
  create index finding_of_subject on metering.finding (subject, date);
  alter table metering.finding enable row level security;
  create policy reading on metering.finding for select to hub_rooms using (${mayRead('quality', OF_FINDING)});
  grant select on metering.finding to hub_rooms;
  ${appendOnly('metering.finding', 'superseded_at')}

  create function metering.supersede_findings() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    update metering.finding as stood set superseded_at = now()
      from taken join added using (date, meter)
      where added.version > taken.version and stood.date = taken.date and stood.meter = taken.meter
        and stood.superseded_at is null and stood.rule <> 'LATE';
    update metering.finding as stood set superseded_at = now()
      from taken join added using (date, meter)
      where added.version > taken.version and stood.meter = taken.meter and stood.last_date > stood.date
        and stood.last_date >= taken.date and stood.date < taken.date and stood.superseded_at is null;
    return null;
  end $$;
  revoke execute on function metering.supersede_findings() from public;
  create trigger supersede_findings after update on metering.day_block
    referencing old table as taken new table as added for each statement execute function metering.supersede_findings();
  alter table metering.day_block enable always trigger supersede_findings;
`;

export const metering030: RoomMigration = {
  name: '030-quality',
  get sql() {
    return RULES() + EDITIONS + ADOPTION + FINDINGS;
  },
};
