import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayWrite, type ReachColumns } from '../../runtime/reach.js';
import { GIVEN_NAME } from './045-customers.js';

const WITHIN: ReachColumns = { marks: { energyKind: 'left(energy_item, 2)' } };
const OWN = 'supplier = (select runtime.caller())';
/** What tells one record of a supplier from another; a bill may have several items, and meters. */
const RECORD = 'supplier, customer, energy_item, record, supplier_meter';

/**
 * What a supplier says it supplied in a period, as it said it. Said otherwise, it is the next version. Whom it is about
 * follows from the links of the customer number; where it lies is the supplier's to say.
 */
const SUPPLIES = `
  create table metering.supply (
    id text primary key,
    supplier text not null,
    customer text collate "C" not null ${GIVEN_NAME('customer')},
    supplier_meter text collate "C" ${GIVEN_NAME('supplier_meter')},
    energy_item text collate "C" not null references metering.energy_item,
    record text collate "C" not null ${GIVEN_NAME('record')},
    version integer not null,
    from_at timestamptz not null,
    to_at timestamptz not null check (to_at > from_at),
    amount numeric not null,
    unit text not null,
    register_begin numeric,
    register_end numeric,
    multiplier numeric check (multiplier > 0),
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    subject text,
    batch text not null,
    recorded_at timestamptz not null default now(),
    superseded_at timestamptz,
    constraint supply_version unique nulls not distinct (${RECORD}, version)
  );
  create unique index supply_in_force on metering.supply (${RECORD}) nulls not distinct where superseded_at is null;
  create index supply_of_customer on metering.supply (supplier, customer, energy_item, from_at);
  create index supply_period on metering.supply (from_at, id);
  create index supply_subject on metering.supply (subject, from_at) where subject is not null;
  alter table metering.supply enable row level security;
  create policy reading on metering.supply for select to hub_rooms
    using ((${mayDo('supplies', 'read', WITHIN)} or (${OWN} and (select runtime.granted('supplies')))));
  create policy adding on metering.supply for insert to hub_rooms
    with check (${OWN} and ${mayWrite('supplies', { ...WITHIN, subject: null })});
  grant select, insert (id, customer, supplier_meter, energy_item, record, from_at, to_at, amount, unit, register_begin,
    register_end, multiplier, area, batch) on metering.supply to hub_rooms;
  ${appendOnly('metering.supply', 'subject', 'superseded_at')}
`;

/** One enterprise for the whole of a period, or nobody. */
const SUBJECTS = `
  create function metering.supply_subject(its metering.supply) returns text
  language sql stable security definer set search_path = pg_catalog as $$
    select case when count(distinct subject) = 1 then min(subject) end
    from metering.counting_links(its.supplier, its.customer, its.energy_item, its.area, tstzrange(its.from_at, its.to_at))
  $$;

  create function metering.take_supply() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    new.supplier := runtime.caller();
    update metering.supply as stood set superseded_at = now()
      where (stood.supplier, stood.customer, stood.energy_item, stood.record)
          = (new.supplier, new.customer, new.energy_item, new.record)
        and stood.supplier_meter is not distinct from new.supplier_meter and superseded_at is null
      returning stood.version + 1 into new.version;
    new.version := coalesce(new.version, 1);
    new.subject := metering.supply_subject(new);
    return new;
  end $$;
  create trigger taken before insert on metering.supply for each row execute function metering.take_supply();

  create function metering.place_supplies() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    update metering.supply as its set subject = metering.supply_subject(its)
      where (its.supplier, its.customer, its.energy_item) = (new.supplier, new.customer, new.energy_item)
        and its.subject is distinct from metering.supply_subject(its);
    return null;
  end $$;
  create trigger placed after insert or update of is_confirmed, valid_to on metering.customer_link
    for each row when (new.is_confirmed) execute function metering.place_supplies();
  revoke execute on function metering.supply_subject(metering.supply), metering.take_supply(),
    metering.place_supplies() from public;
`;

export const metering046: RoomMigration = {
  name: '046-supplies',
  sql: `${SUPPLIES} ${SUBJECTS}`,
};
