import { lastSet, settingsTable } from '../../runtime/area-settings.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';
import { SUPPLY_TOLERANCES } from '../suppliers/tolerances/settings.js';

/** How far supplied and metered may differ and still agree. What an admin sets for its area makes the next version. */
export const metering047: RoomMigration = {
  name: '047-supply-tolerances',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return `
      ${referenceTable(
        'metering.supply_tolerance',
        `energy_class text primary key references metering.energy_class, percent ${SUPPLY_TOLERANCES.values.percent}, note text`,
        readReference(import.meta.url, 'supply_tolerances.csv'),
      )}
      ${settingsTable(SUPPLY_TOLERANCES)}

      create view metering.known_supply_tolerance with (security_invoker = true) as
        select energy_class || ' 100000' as id, '100000' as area, energy_class, 0 as version, percent, source, confidence,
          verified, null::text as set_by, null::timestamptz as set_at
        from metering.supply_tolerance
        union all
        select energy_class || ' ' || area || '.' || version, area, energy_class, version, percent, source, 'high', true,
          set_by, set_at
        from ${lastSet(SUPPLY_TOLERANCES)};
      grant select on metering.known_supply_tolerance to hub_rooms;
    `;
  },
};
