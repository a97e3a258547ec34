import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, type ReachColumns } from '../../runtime/reach.js';

const MARKS = { energyKind: 'left(energy_item, 2)' };
const WITHIN: ReachColumns = { marks: MARKS };
/** The caller is a platform of the area, and not only the enterprise itself. */
const BY_AREA = mayDo('supplies', 'approve', { area: 'new.area', subject: null, marks: {
  energyKind: 'left(new.energy_item, 2)',
} }); // prettier-ignore

/** A name that a supplier gave: any script, kept as it came, with nothing at its ends that nobody sees. */
export const GIVEN_NAME = (column: string): string =>
  `check (length(${column}) between 1 and 64 and ${column} !~ '^\\s|\\s$|[[:cntrl:]]')`;

/**
 * Which meters a customer number stands for, from a day to the day before another. What the enterprise says itself is a
 * claim until a platform of the area confirms it: anybody may know somebody's customer number.
 */
const LINKS = `
  create table metering.customer_link (
    id text primary key,
    supplier text not null check (length(supplier) between 1 and 64),
    customer text collate "C" not null ${GIVEN_NAME('customer')},
    energy_item text collate "C" not null references metering.energy_item,
    meter text collate "C" not null references metering.meter,
    area text not null,
    subject text not null,
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    linked_by text not null,
    linked_at timestamptz not null,
    is_confirmed boolean not null default false,
    confirmed_by text,
    confirmed_area text,
    confirmed_at timestamptz,
    ended_by text,
    ended_at timestamptz,
    constraint one_customer_a_meter exclude using gist
      (meter with =, supplier with =, energy_item with =, daterange(valid_from, valid_to) with &&) where (is_confirmed)
  );
  create index customer_link_number on metering.customer_link (supplier, customer, energy_item);
  create trigger of_meter before insert on metering.customer_link for each row execute function metering.of_meter();
  alter table metering.customer_link enable row level security;
  create policy reading on metering.customer_link for select to hub_rooms
    using ((${mayDo('supplies', 'read', WITHIN)} or ${mayDo('supplies', 'approve', WITHIN)}));
  create policy adding on metering.customer_link for insert to hub_rooms
    with check (${mayDo('supplies', 'approve', WITHIN)});
  create policy changing on metering.customer_link for update to hub_rooms
    using (${mayDo('supplies', 'approve', WITHIN)}) with check (${mayDo('supplies', 'approve', WITHIN)});
  grant select, insert (id, supplier, customer, energy_item, meter, valid_from, valid_to),
    update (is_confirmed, valid_to) on metering.customer_link to hub_rooms;
  ${appendOnly(
    'metering.customer_link',
    ...['area', 'valid_to', 'is_confirmed', 'confirmed_by', 'confirmed_area', 'confirmed_at', 'ended_by', 'ended_at'],
  )}
`; // prettier-ignore

/**
 * Who links is written down here, a platform's link is confirmed by that, and a link counts for what was reported of the
 * area in which whoever confirmed it works. A period is only ever cut short. One enterprise at a time is a customer.
 */
const TAKING = `
  create function metering.take_customer_link() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    -- Before anything asks for the range of it.
    if new.valid_to < new.valid_from then
      raise exception 'a link ends before it begins' using errcode = '23514', constraint = 'link_period';
    end if;
    if tg_op = 'INSERT' then
      new.linked_by := runtime.caller();
      new.linked_at := now();
      new.is_confirmed := coalesce(${BY_AREA}, false);
      if left(new.energy_item, 2) <> (select left(energy_item, 2) from metering.meter where id = new.meter) then
        raise exception 'a meter of another energy' using errcode = '23514', constraint = 'link_energy';
      end if;
    elsif new.is_confirmed is distinct from old.is_confirmed and not (new.is_confirmed and coalesce(${BY_AREA}, false)) then
      raise exception 'a platform of the area confirms' using errcode = '42501';
    end if;
    if tg_op = 'UPDATE' and new.valid_to is distinct from old.valid_to then
      if new.valid_to is null or new.valid_to >= old.valid_to then
        raise exception 'a link is only ever cut short' using errcode = 'HB409';
      end if;
      new.ended_by := coalesce(runtime.caller(), 'hub');
      new.ended_at := now();
    end if;
    if new.is_confirmed and new.confirmed_at is null then
      new.confirmed_by := runtime.caller();
      new.confirmed_area := runtime.caller_area();
      new.confirmed_at := now();
      perform pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'metering.customer', new.supplier, new.customer), 0));
      if exists (select from metering.customer_link as other
        where (other.supplier, other.customer, other.energy_item) = (new.supplier, new.customer, new.energy_item)
          and other.is_confirmed and other.id <> new.id and other.subject <> new.subject
          and daterange(other.valid_from, other.valid_to) && daterange(new.valid_from, new.valid_to))
      then
        raise exception 'the number is another customer''s' using errcode = '23P01', constraint = 'one_owner_a_customer';
      end if;
    end if;
    return new;
  end $$;
  revoke execute on function metering.take_customer_link() from public;
  create trigger taken before insert or update on metering.customer_link
    for each row execute function metering.take_customer_link();

  -- A meter that changes hands is no longer the customer's; where it lies follows the register.
  create function metering.follow_customer_meter() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    update metering.customer_link set area = new.area where meter = new.id and area <> new.area;
    if new.subject <> old.subject then
      update metering.customer_link
        set valid_to = greatest(valid_from, (now() at time zone new.time_zone)::date)
        where meter = new.id and coalesce(valid_to > greatest(valid_from, (now() at time zone new.time_zone)::date), true);
    end if;
    return null;
  end $$;
  revoke execute on function metering.follow_customer_meter() from public;
  create trigger follow_customer after update of area, subject on metering.meter for each row
    when ((old.area, old.subject) is distinct from (new.area, new.subject)) execute function metering.follow_customer_meter();
`;

/** The links that count for a period of a customer: confirmed, by who works where it was reported. */
const COUNTING = `
  create function metering.counting_links(of_supplier text, of_customer text, of_item text, of_area text,
    period tstzrange) returns setof metering.customer_link
  language sql stable security definer set search_path = pg_catalog as $$
    select link.* from metering.customer_link as link join metering.meter on meter.id = link.meter
    where (link.supplier, link.customer, link.energy_item) = (of_supplier, of_customer, of_item) and is_confirmed
      and (confirmed_area = '100000' or starts_with(of_area, regexp_replace(confirmed_area, '(00)+$', '')))
      and tstzrange(valid_from::timestamp at time zone time_zone, valid_to::timestamp at time zone time_zone) && period
      and valid_to is distinct from valid_from
  $$;
  create function metering.count_links(of_supplier text, of_customer text, of_item text, of_area text,
    period tstzrange) returns bigint
  language sql stable security definer set search_path = pg_catalog as $$
    select count(*) from metering.counting_links(of_supplier, of_customer, of_item, of_area, period)
  $$;
  revoke execute on function metering.counting_links(text, text, text, text, tstzrange),
    metering.count_links(text, text, text, text, tstzrange) from public;
  grant execute on function metering.count_links(text, text, text, text, tstzrange) to hub_rooms;
`;

export const metering045: RoomMigration = {
  name: '045-customers',
  sql: `${LINKS} ${TAKING} ${COUNTING}`,
};
