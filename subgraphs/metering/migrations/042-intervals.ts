import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayWrite } from '../../runtime/reach.js';

/** How long a verification holds: as delivered, and what admins set for their areas. Setting it again is its next version. */
const INTERVALS = `
  create table metering.set_verification_interval (
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    code text not null references metering.verification_interval,
    version integer not null,
    months smallint not null check (months between 1 and 600),
    source text not null check (length(source) between 1 and 500),
    set_by text not null,
    set_at timestamptz not null,
    primary key (area, code, version)
  );
  alter table metering.set_verification_interval enable row level security;
  create policy reading on metering.set_verification_interval for select to hub_rooms using (true);
  create policy adding on metering.set_verification_interval for insert to hub_rooms
    with check (${mayWrite('scopes', { subject: null })});
  grant select, insert (area, code, months, source) on metering.set_verification_interval to hub_rooms;
  ${appendOnly('metering.set_verification_interval')}

  create function metering.next_verification_interval() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.set_verification_interval ' || new.area, 0));
    select coalesce(max(version), 0) + 1 into new.version from metering.set_verification_interval
      where area = new.area and code = new.code;
    new.set_by := runtime.caller();
    new.set_at := now();
    return new;
  end $$;
  revoke execute on function metering.next_verification_interval() from public;
  create trigger next_verification_interval before insert on metering.set_verification_interval
    for each row execute function metering.next_verification_interval();

  create view metering.known_verification_interval with (security_invoker = true) as
    select code || ' 100000' as id, code, name_zh, name_en, regulation, months, note, '100000' as area, 0 as version, source,
      confidence, verified, null::text as set_by, null::timestamptz as set_at
    from metering.verification_interval
    union all
    select code || ' ' || area || '.' || version, code, name_zh, name_en, regulation, said.months, null, area, version,
      said.source, 'high', true, set_by, set_at
    from metering.set_verification_interval as said join metering.verification_interval using (code)
    where not exists (select from metering.set_verification_interval as later
      where later.area = said.area and later.code = said.code and later.version > said.version);
  grant select on metering.known_verification_interval to hub_rooms;

  -- The nearest area that says something counts; what was set for the nation comes before what was delivered.
  create function metering.verification_interval_of(kind text, place text)
  returns setof metering.known_verification_interval language sql stable as $$
    select * from metering.known_verification_interval
    where code = kind and (area = '100000' or starts_with(place, regexp_replace(area, '(00)+$', '')))
    order by area = '100000', length(regexp_replace(area, '(00)+$', '')) desc, version desc limit 1
  $$;
  revoke execute on function metering.verification_interval_of(text, text) from public;
  grant execute on function metering.verification_interval_of(text, text) to hub_rooms;
`;

export const metering042: RoomMigration = { name: '042-intervals', sql: INTERVALS };
