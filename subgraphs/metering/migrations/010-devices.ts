import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

/**
 * A parent is of a lower level than what stands below it, so there are no circles either; units are those of the
 * energy class. The rooms say which meter is wrong before they write; here it holds for every writer, and for two
 * that change both ends of a chain at once.
 */
const METERS = `
  create function metering.check_meters() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    perform pg_advisory_xact_lock(hashtext('metering.check_meters'));
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

export const metering010: RoomMigration = {
  name: '010-devices',
  get sql() {
    return `
      ${referenceTable(
        'metering.energy_unit',
        `energy_class text not null references metering.energy_class, unit text not null, primary key (energy_class, unit)`,
        readReference(import.meta.url, 'energy_units.csv'),
      )}
      ${METERS}
    `;
  },
};
