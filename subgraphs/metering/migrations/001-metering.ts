import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite, type ReachColumns, reachPolicies } from '../../runtime/reach.js';

const AMONG = limitedFunction('metering.meter');
/** Limits are compared with the meter as it is registered now. */
const OF_METER: ReachColumns = { limited: { column: 'meter', among: AMONG } };
const OF_ID: ReachColumns = { limited: { column: 'id', among: AMONG } };
/** Days that may be seen only as coarser sums are not seen here at all, but through `metering.visible_day`. */
const AS_METERED: ReachColumns = { ...OF_METER, finest: 'AS_METERED' };

const METER = `
  create table metering.meter (
    id text collate "C" primary key check (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    name text not null,
    building text,
    subject text not null,
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    parent text collate "C" references metering.meter,
    level smallint not null check (level between 1 and 3),
    is_nested boolean not null default false,
    energy_item text not null check (length(energy_item) = 5),
    unit text not null,
    kind text not null default 'INTERVAL' check (kind in ('INTERVAL', 'REGISTER')),
    interval_minutes smallint not null check (interval_minutes in (1, 5, 10, 15, 30, 60, 1440)),
    time_zone text not null default 'Asia/Shanghai',
    multiplier numeric not null default 1 check (multiplier > 0 and multiplier < 1e9 and scale(multiplier) <= 6),
    decimals smallint check (decimals between 0 and 6),
    register_digits smallint check (register_digits between 1 and 9),
    rated_maximum_per_hour numeric check (rated_maximum_per_hour > 0),
    external_scheme text,
    external_value text,
    platform text not null,
    installed_on date,
    retired_on date,
    registered_at timestamptz not null default now()
  );
  create index on metering.meter (building);
  create index on metering.meter (subject);
  create index on metering.meter (parent);
  create index on metering.meter (area, id);
  ${reachPolicies('metering.meter', 'meters', {
    limited: {
      key: 'id',
      marks: {
        energyKind: 'left(energy_item, 2)',
        buildingType: 'runtime.building_type(building)',
        meterLevel: 'level',
      },
    },
  })}
  grant select, insert (id, name, building, subject, area, parent, level, energy_item, unit, kind, interval_minutes,
      time_zone, multiplier, decimals, register_digits, rated_maximum_per_hour, external_scheme, external_value, platform,
      installed_on),
    update (name, building, subject, area, parent, level, energy_item, unit, kind, interval_minutes,
      time_zone, multiplier, decimals, register_digits, rated_maximum_per_hour, external_scheme, external_value, platform,
      installed_on) on metering.meter to hub_rooms;
`;

/**
 * One row a meter and day. Version, time and transaction are the database's to set, so the application cannot claim
 * an older one; the key never changes, nor does whose the day is when it is corrected: its meter may have changed hands.
 */
const DAY_BLOCK = `
  create table metering.day_block (
    date date not null,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    interval_minutes smallint not null,
    scale smallint not null check (scale between 0 and 6),
    values bigint[] not null,
    total bigint not null,
    present smallint not null,
    quality bytea,
    version integer not null default 1,
    batch text not null,
    recorded_at timestamptz not null default now(),
    changed xid8 not null default pg_current_xact_id(),
    primary key (date, meter)
  ) partition by range (date);
  alter table metering.day_block enable row level security;
  create policy reading on metering.day_block for select to hub_rooms using (${mayRead('readings', AS_METERED)});
  create policy adding on metering.day_block for insert to hub_rooms with check (${mayWrite('readings', OF_METER)});
  create policy changing on metering.day_block for update to hub_rooms
    using (${mayWrite('readings', OF_METER)}) with check (${mayWrite('readings', OF_METER)});
  grant select on metering.day_block to hub_rooms;
  grant insert (date, meter, area, subject, interval_minutes, scale, values, total, present, quality, batch),
    update (interval_minutes, scale, values, total, present, quality, batch)
    on metering.day_block to hub_rooms;

  create table metering.day_block_superseded (
    like metering.day_block,
    superseded_at timestamptz not null default now(),
    superseded xid8 not null default pg_current_xact_id(),
    primary key (date, meter, version)
  );
  alter table metering.day_block_superseded enable row level security;
  create policy reading on metering.day_block_superseded for select to hub_rooms
    using (${mayRead('readings', AS_METERED)});
  grant select on metering.day_block_superseded to hub_rooms;

  create function metering.supersede() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into metering.day_block_superseded (date, meter, area, subject, interval_minutes, scale, values, total,
        present, quality, version, batch, recorded_at, changed)
      values (old.date, old.meter, old.area, old.subject, old.interval_minutes, old.scale, old.values, old.total,
        old.present, old.quality, old.version, old.batch, old.recorded_at, old.changed);
    new.version := old.version + 1;
    new.recorded_at := now();
    new.changed := pg_current_xact_id();
    return new;
  end $$;
  revoke execute on function metering.supersede() from public;
  -- That a day was judged makes no version of it.
  create trigger supersede before update of area, subject, interval_minutes, scale, values, total, present, batch
    on metering.day_block for each row execute function metering.supersede();
`;

/**
 * A month's partition is made beside the table and then attached, because creating it in place would lock out every
 * reader and writer. It has no policy and no grant: it is reached through its parent alone.
 */
const MONTHS = `
  create function metering.ensure_month(day date) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    first_day date := date_trunc('month', day::timestamp)::date;
    partition text := 'day_block_' || to_char(day, 'YYYY_MM');
  begin
    if day is null or day < '2000-01-01' or day > current_date + 40 then
      raise exception 'no partition is made for %', day using errcode = '22008';
    end if;
    if to_regclass('metering.' || partition) is not null then return; end if;
    -- Nobody writes days meanwhile: who looks at the partitions while one is attached goes on as if it were not there.
    lock table metering.day_block in share row exclusive mode;
    -- A look-up by name may answer from before the wait for the lock; a query does not.
    if exists (select from pg_class where relname = partition and relnamespace = 'metering'::regnamespace) then return; end if;
    execute format('create table metering.%I (like metering.day_block including all)', partition);
    execute format('alter table metering.%I enable row level security', partition);
    execute format('alter table metering.day_block attach partition metering.%I for values from (%L) to (%L)',
      partition, first_day, (first_day + interval '1 month')::date);
  end $$;
`;

const QUARANTINE = `
  create table metering.quarantined_line (
    batch text not null,
    line bigint not null check (line > 0),
    part integer not null default 0,
    reason text not null,
    detail text not null,
    content bytea not null,
    tenant text not null,
    area text not null,
    meter text collate "C",
    day date,
    recorded_at timestamptz not null default now(),
    primary key (batch, line, part)
  );
  create index on metering.quarantined_line (day, meter) where day is not null;
  alter table metering.quarantined_line enable row level security;
  create policy reading on metering.quarantined_line for select to hub_rooms
    using (${mayRead('batches', { subject: null })} or tenant = (select runtime.caller()));
  create policy adding on metering.quarantined_line for insert to hub_rooms
    with check (tenant = (select runtime.caller()));
  grant select on metering.quarantined_line to hub_rooms;
  grant insert (batch, line, part, reason, detail, content, tenant, area, meter, day)
    on metering.quarantined_line to hub_rooms;
`;

/** What a meter usually reaches at most, an hour; the nightly pass keeps it. Uploads learn it with the meter. */
const USUAL = `
  create table metering.usual_maximum (
    meter text collate "C" primary key,
    per_hour numeric not null check (per_hour > 0),
    days integer not null,
    until date not null
  );
  alter table metering.usual_maximum enable row level security;
`;

/** What an upload has to know beyond its reach: these answer with the least that tells one refusal from another. */
const UPLOAD = `
  create function metering.existing_meters(ids text[]) returns setof text
  language sql stable security definer set search_path = pg_catalog as $$
    select id from metering.meter where id = any(ids)
  $$;

  create function metering.meters_to_write(ids text[])
  returns table (id text, area text, subject text, interval_minutes smallint, unit text, time_zone text, kind text,
    register_digits smallint, multiplier text, rated_per_hour text, usual_per_hour text,
    installed integer, registered double precision)
  language sql stable security definer set search_path = pg_catalog as $$
    select id, area, subject, interval_minutes, unit, time_zone, kind, register_digits, multiplier::text,
      rated_maximum_per_hour::text, usual.per_hour::text,
      installed_on - '2000-01-01'::date,
      extract(epoch from registered_at - '2000-01-01T00:00Z'::timestamptz)::double precision / 60
    from metering.meter left join metering.usual_maximum as usual on usual.meter = id
    where id = any(ids) and ${mayWrite('readings', OF_ID)}
  $$;

  create function metering.stored_days(meters text[], dates date[])
  returns table (place integer, interval_minutes smallint, scale smallint, largest bigint, is_writable boolean)
  language sql stable security definer set search_path = pg_catalog as $$
    select place::integer, interval_minutes, scale, (select max(abs(value)) from unnest(values) as value),
      ${mayWrite('readings', OF_METER)}
    from unnest(meters, dates) with ordinality as asked (meter, date, place)
    join metering.day_block using (date, meter)
  $$;

  create function metering.missing_on(day date)
  returns table (meter text, reason text, subject text, area text)
  language sql stable security definer set search_path = pg_catalog as $$
    select id, case when exists (select from metering.quarantined_line as line where line.day = missing_on.day and line.meter = id)
      then 'QUARANTINED' else 'NOT_UPLOADED' end, subject, area
    from metering.meter
    where ${mayRead('readings', OF_ID)}
      and coalesce(installed_on <= day, true) and coalesce(retired_on > day, true)
      and not exists (select from metering.day_block as block where block.date = day and block.meter = id)
    union all
    -- Whether their day is there is told of the day as well, so it is not looked at.
    select id, 'MONTH_ONLY', subject, area from metering.meter
    where ${mayRead('readings', { ...OF_ID, finest: 'MONTH' })} and not ${mayRead('readings', OF_ID)}
      and coalesce(installed_on <= day, true) and coalesce(retired_on > day, true)
    order by id
  $$;

  revoke execute on function metering.ensure_month(date), metering.existing_meters(text[]),
    metering.meters_to_write(text[]), metering.stored_days(text[], date[]), metering.missing_on(date) from public;
  grant execute on function metering.ensure_month(date), metering.existing_meters(text[]),
    metering.meters_to_write(text[]), metering.stored_days(text[], date[]), metering.missing_on(date) to hub_rooms;

  create type metering.incoming_block as (date date, meter text, area text, subject text, interval_minutes smallint,
    scale smallint, values bigint[], total bigint, present smallint, quality bytea);
`;

export const metering001: RoomMigration = {
  name: '001-metering',
  sql: `
    create schema metering;
    grant usage on schema metering to hub_rooms;
    ${METER}
    ${DAY_BLOCK}
    ${MONTHS}
    ${QUARANTINE}
    ${USUAL}
    ${UPLOAD}
  `,
};
