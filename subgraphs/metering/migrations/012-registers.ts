import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite, type ReachColumns } from '../../runtime/reach.js';

const AMONG = limitedFunction('metering.meter');
const OF_METER: ReachColumns = { limited: { column: 'meter', among: AMONG } };
const AS_METERED: ReachColumns = { ...OF_METER, finest: 'AS_METERED' };

/**
 * What counters showed, as it was sent: the evidence behind the consumption in the day blocks, with versions like
 * theirs. Found by meter, because a day needs the readings before and after it; so it is not parted by month.
 */
const REGISTER_DAY = `
  create table metering.register_day (
    date date not null,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    interval_minutes smallint not null,
    scale smallint not null check (scale between 0 and 6),
    values bigint[] not null,
    present smallint not null,
    version integer not null default 1,
    batch text not null,
    recorded_at timestamptz not null default now(),
    primary key (meter, date)
  );
  alter table metering.register_day enable row level security;
  create policy reading on metering.register_day for select to hub_rooms using (${mayRead('readings', AS_METERED)});
  create policy adding on metering.register_day for insert to hub_rooms with check (${mayWrite('readings', OF_METER)});
  create policy changing on metering.register_day for update to hub_rooms
    using (${mayWrite('readings', OF_METER)}) with check (${mayWrite('readings', OF_METER)});
  grant select, insert (date, meter, area, subject, interval_minutes, scale, values, present, batch),
    update (interval_minutes, scale, values, present, batch) on metering.register_day to hub_rooms;

  create table metering.register_day_superseded (
    like metering.register_day,
    superseded_at timestamptz not null default now(),
    primary key (meter, date, version)
  );
  alter table metering.register_day_superseded enable row level security;
  create policy reading on metering.register_day_superseded for select to hub_rooms
    using (${mayRead('readings', AS_METERED)});
  grant select on metering.register_day_superseded to hub_rooms;
  ${appendOnly('metering.register_day_superseded')}

  create function metering.supersede_register() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into metering.register_day_superseded select old.*;
    new.version := old.version + 1;
    new.recorded_at := now();
    return new;
  end $$;
  revoke execute on function metering.supersede_register() from public;
  create trigger supersede before update on metering.register_day
    for each row execute function metering.supersede_register();
`;

/** Minutes are those since 2000 in UTC; a change within a minute counts from the next one on. */
const COUNTERS = `
  create function metering.counters_of(meters text[])
  returns table (meter text, installed double precision, first_register text, removed double precision,
    last_register text, register_digits smallint, multiplier text)
  language sql stable security definer set search_path = pg_catalog as $$
    select meter, ceil(extract(epoch from installed_at - '2000-01-01T00:00Z'::timestamptz) / 60)::double precision,
      first_register::text, ceil(extract(epoch from removed_at - '2000-01-01T00:00Z'::timestamptz) / 60)::double precision,
      last_register::text, register_digits, multiplier::text
    from metering.device
    where meter = any(meters) and ${mayWrite('readings', OF_METER)}
    order by meter, installed_at
  $$;
  revoke execute on function metering.counters_of(text[]) from public;
  grant execute on function metering.counters_of(text[]) to hub_rooms;
`;

export const metering012: RoomMigration = { name: '012-registers', sql: `${REGISTER_DAY} ${COUNTERS}` };
