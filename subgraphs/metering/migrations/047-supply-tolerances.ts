import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayWrite } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const PERCENT = 'percent numeric not null check (percent between 0 and 100 and scale(percent) <= 4)';

/** How far supplied and metered may differ and still agree. What an admin sets for its area makes the next version. */
export const metering047: RoomMigration = {
  name: '047-supply-tolerances',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return `
      ${referenceTable(
        'metering.supply_tolerance',
        `energy_class text primary key references metering.energy_class, ${PERCENT}, note text`,
        readReference(import.meta.url, 'supply_tolerances.csv'),
      )}
      create table metering.set_supply_tolerance (
        area text not null check (area ~ '^[1-9][0-9]{5}$'),
        energy_class text not null references metering.energy_class,
        version integer not null,
        ${PERCENT},
        source text not null check (length(source) between 1 and 500),
        set_by text not null,
        set_at timestamptz not null,
        primary key (area, energy_class, version)
      );
      alter table metering.set_supply_tolerance enable row level security;
      create policy reading on metering.set_supply_tolerance for select to hub_rooms using (true);
      create policy adding on metering.set_supply_tolerance for insert to hub_rooms
        with check (${mayWrite('scopes', { subject: null })});
      grant select, insert (area, energy_class, percent, source) on metering.set_supply_tolerance to hub_rooms;
      ${appendOnly('metering.set_supply_tolerance')}

      create function metering.next_supply_tolerance() returns trigger language plpgsql set search_path = pg_catalog as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended('metering.set_supply_tolerance ' || new.area, 0));
        select coalesce(max(version), 0) + 1 into new.version from metering.set_supply_tolerance
          where area = new.area and energy_class = new.energy_class;
        new.set_by := runtime.caller();
        new.set_at := now();
        return new;
      end $$;
      revoke execute on function metering.next_supply_tolerance() from public;
      create trigger next_supply_tolerance before insert on metering.set_supply_tolerance
        for each row execute function metering.next_supply_tolerance();

      create view metering.known_supply_tolerance with (security_invoker = true) as
        select energy_class || ' 100000' as id, '100000' as area, energy_class, 0 as version, percent, source, confidence,
          verified, null::text as set_by, null::timestamptz as set_at
        from metering.supply_tolerance
        union all
        select energy_class || ' ' || area || '.' || version, area, energy_class, version, percent, source, 'high', true,
          set_by, set_at
        from metering.set_supply_tolerance as said
        where not exists (select from metering.set_supply_tolerance as later
          where later.area = said.area and later.energy_class = said.energy_class and later.version > said.version);
      grant select on metering.known_supply_tolerance to hub_rooms;
    `;
  },
};
