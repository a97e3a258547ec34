import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;

export const metering002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return (
      referenceTable(
        'metering.energy_class',
        `code text primary key check (code ~ '^[0-9]{2}$'), ${NAMES}, typical_unit text`,
        readReference(import.meta.url, 'energy_classes.csv'),
      ) +
      referenceTable(
        'metering.energy_item',
        `code text primary key check (length(code) = 5),
          energy_class text not null references metering.energy_class check (starts_with(code, energy_class)),
          level text not null, parent text references metering.energy_item, ${NAMES}, note text`,
        readReference(import.meta.url, 'energy_items.csv'),
      )
    );
  },
};
