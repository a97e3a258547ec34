import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite, type ReachColumns } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const OF_METER: ReachColumns = { limited: { column: 'meter', among: limitedFunction('metering.meter') } };

/**
 * A parent is of a lower level than what stands below it, so there are no circles either; units are those of the
 * energy class. The rooms say which meter is wrong before they write; here it holds for every writer, and for two
 * that change both ends of a chain at once: they go one after the other, from before either has locked a row.
 */
const METERS = `
  create function metering.one_by_one() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    perform pg_advisory_xact_lock(hashtext('metering.check_meters'));
    return null;
  end $$;
  revoke execute on function metering.one_by_one() from public;
  create trigger one_by_one before insert or update on metering.meter
    for each statement execute function metering.one_by_one();
  alter table metering.meter enable always trigger one_by_one;

  create function metering.check_meters() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    if exists (select from changed join metering.meter as parent on parent.id = changed.parent where parent.level >= changed.level)
      or exists (select from changed join metering.meter as child on child.parent = changed.id where child.level <= changed.level)
    then
      raise exception 'a meter does not stand below its parent' using errcode = '23514', constraint = 'meter_below_parent';
    end if;
    if exists (select from changed where not exists (
      select from metering.energy_unit as known
      where known.energy_class = left(changed.energy_item, 2) and known.unit = changed.unit))
    then
      raise exception 'a unit is none of the energy class' using errcode = '23514', constraint = 'meter_unit';
    end if;
    return null;
  end $$;
  revoke execute on function metering.check_meters() from public;
  create trigger check_added after insert on metering.meter referencing new table as changed
    for each statement execute function metering.check_meters();
  create trigger check_changed after update on metering.meter referencing new table as changed
    for each statement execute function metering.check_meters();
`;

/**
 * Where a record of a meter lies and whom it is about is the meter's to say, as it is registered now: not the room's as
 * it adds the record, and it follows when the meter moves.
 */
const PLACE = `
  create function metering.of_meter() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    select area, subject into new.area, new.subject from metering.meter where id = new.meter;
    return new;
  end $$;
  revoke execute on function metering.of_meter() from public;
`;

/** One at a time stands at a metering point. The rooms write its end, once, and nothing else of what is recorded. */
const DEVICE = `
  create extension if not exists btree_gist;
  create table metering.device (
    id text primary key,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    serial_number text not null check (serial_number <> ''),
    manufacturer text,
    model text,
    accuracy_class text,
    instrument text references metering.verification_interval,
    register_digits smallint check (register_digits between 1 and 9),
    multiplier numeric not null check (multiplier > 0 and multiplier < 1e9 and scale(multiplier) <= 6),
    installed_at timestamptz not null,
    first_register numeric check (first_register between 0 and 999999999.999999 and scale(first_register) <= 6),
    removed_at timestamptz check (removed_at > installed_at),
    last_register numeric check (last_register between 0 and 999999999.999999 and scale(last_register) <= 6),
    recorded_at timestamptz not null default now(),
    unique (id, meter),
    constraint one_device_at_a_time exclude using gist (meter with =, tstzrange(installed_at, removed_at) with &&),
    constraint device_register_fits check (
      coalesce(first_register < 10::numeric ^ register_digits, true) and coalesce(last_register < 10::numeric ^ register_digits, true))
  );
  create index device_of_meter on metering.device (meter, installed_at desc, id desc);
  create trigger of_meter before insert on metering.device for each row execute function metering.of_meter();
  alter table metering.device enable row level security;
  create policy reading on metering.device for select to hub_rooms using (${mayRead('meters', OF_METER)});
  create policy adding on metering.device for insert to hub_rooms with check (${mayWrite('meters', OF_METER)});
  create policy ending on metering.device for update to hub_rooms
    using (removed_at is null and ${mayWrite('meters', OF_METER)}) with check (${mayWrite('meters', OF_METER)});
  grant select, insert (id, meter, serial_number, manufacturer, model, accuracy_class, instrument, register_digits,
      multiplier, installed_at, first_register),
    update (removed_at, last_register) on metering.device to hub_rooms;
`;

export const metering010: RoomMigration = {
  name: '010-devices',
  get sql() {
    return `
      ${referenceTable(
        'metering.energy_unit',
        `energy_class text not null references metering.energy_class, unit text not null, primary key (energy_class, unit)`,
        readReference(import.meta.url, 'energy_units.csv'),
      )}
      ${referenceTable(
        'metering.verification_interval',
        `code text primary key, name_zh text not null, name_en text not null, regulation text not null,
          months smallint not null check (months > 0), note text`,
        readReference(import.meta.url, 'verification_intervals.csv'),
      )}
      ${METERS}
      ${PLACE}
      ${DEVICE}
    `;
  },
};
