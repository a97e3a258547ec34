import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite, type ReachColumns } from '../../runtime/reach.js';

const OF_METER: ReachColumns = { limited: { column: 'meter', among: limitedFunction('metering.meter') } };

/** Added to and never changed; a record that was wrong is corrected by another of the same appliance, once. */
const CALIBRATION = `
  create table metering.calibration (
    id text primary key,
    device text not null,
    meter text collate "C" not null,
    area text not null,
    subject text not null,
    kind text not null check (kind in ('VERIFICATION', 'CALIBRATION')),
    certificate_number text not null check (certificate_number <> ''),
    organ text not null check (organ <> ''),
    calibrated_on date not null,
    valid_until date not null check (valid_until >= calibrated_on),
    is_computed boolean not null,
    computed_by text check (computed_by is null or is_computed),
    accuracy_class text,
    result text not null check (result in ('QUALIFIED', 'UNQUALIFIED')),
    corrects text,
    recorded_at timestamptz not null default now(),
    unique (device, id),
    unique (device, corrects),
    foreign key (device, meter) references metering.device (id, meter),
    foreign key (device, corrects) references metering.calibration (device, id),
    constraint calibrated_in_the_future check (calibrated_on <= (recorded_at at time zone 'UTC')::date + 1)
  );
  create index calibration_of_device on metering.calibration (device, calibrated_on desc, id desc);
  create index calibration_of_meter on metering.calibration (meter);
  create index calibration_ending on metering.calibration (valid_until, id);
  create trigger of_meter before insert on metering.calibration for each row execute function metering.of_meter();
  alter table metering.calibration enable row level security;
  create policy reading on metering.calibration for select to hub_rooms using (${mayRead('meters', OF_METER)});
  create policy adding on metering.calibration for insert to hub_rooms with check (${mayWrite('meters', OF_METER)});
  grant select, insert (id, device, meter, kind, certificate_number, organ, calibrated_on, valid_until, is_computed, computed_by,
    accuracy_class, result, corrects) on metering.calibration to hub_rooms;
  ${appendOnly('metering.calibration', 'area', 'subject')}
`;

const FOLLOW = `
  create function metering.follow_meter() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    update metering.device set area = new.area, subject = new.subject where meter = new.id;
    update metering.calibration set area = new.area, subject = new.subject where meter = new.id;
    return null;
  end $$;
  revoke execute on function metering.follow_meter() from public;
  create trigger follow after update of area, subject on metering.meter for each row
    when ((old.area, old.subject) is distinct from (new.area, new.subject)) execute function metering.follow_meter();
`;

/** Under the caller's own policies: who does not see the meter gets no record, and false. */
const ON_A_DAY = `
  create function metering.calibration_of(wanted text, day date) returns setof metering.calibration
  language sql stable as $$
    select last.* from metering.meter as meter
    cross join coalesce(day, (now() at time zone meter.time_zone)::date) as asked
    cross join lateral (
      select id from metering.device
      where device.meter = meter.id and installed_at < ((asked + 1)::timestamp at time zone meter.time_zone)
        and coalesce(removed_at > (asked::timestamp at time zone meter.time_zone), true)
      order by installed_at desc limit 1
    ) as standing
    cross join lateral (
      select * from metering.calibration as record
      where record.device = standing.id and record.calibrated_on <= asked
        and not exists (select from metering.calibration as other where other.device = record.device and other.corrects = record.id)
      order by calibrated_on desc, id desc limit 1
    ) as last
    where meter.id = wanted
  $$;

  create function metering.is_calibrated(wanted text, day date) returns boolean
  language sql stable as $$
    select exists (
      select from metering.meter as meter cross join lateral metering.calibration_of(wanted, day) as last
      where meter.id = wanted and last.result = 'QUALIFIED'
        and last.valid_until >= coalesce(day, (now() at time zone meter.time_zone)::date))
  $$;

  revoke execute on function metering.calibration_of(text, date), metering.is_calibrated(text, date) from public;
  grant execute on function metering.calibration_of(text, date), metering.is_calibrated(text, date) to hub_rooms;

  create view metering.calibration_in_force with (security_invoker = true) as
    select distinct on (record.device) record.*
    from metering.calibration as record
    join metering.device as device on device.id = record.device and device.removed_at is null
    where not exists (select from metering.calibration as other where other.device = record.device and other.corrects = record.id)
    order by record.device, record.calibrated_on desc, record.id desc;
  grant select on metering.calibration_in_force to hub_rooms;
`;

export const metering011: RoomMigration = {
  name: '011-calibrations',
  sql: `${CALIBRATION} ${FOLLOW} ${ON_A_DAY}`,
};
