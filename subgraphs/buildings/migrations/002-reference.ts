import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;

export const buildings002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return (
      referenceTable(
        'buildings.building_type',
        `code text primary key check (code ~ '^[A-HZ]$'), ${NAMES}, stored_as text not null, note text`,
        readReference(import.meta.url, 'building_types.csv'),
      ) +
      referenceTable(
        'buildings.building_function',
        `code text primary key check (code ~ '^[a-z_]+$'), ${NAMES},
          building_type text not null references buildings.building_type, note text, unique (building_type, code)`,
        readReference(import.meta.url, 'building_functions.csv'),
      ) +
      `alter table buildings.building add foreign key (type_code, function_code)
        references buildings.building_function (building_type, code);` +
      referenceTable(
        'buildings.monthly_eui',
        `archetype text not null references buildings.building_function, ${NAMES}, building_type text not null references buildings.building_type,
          month smallint not null check (month between 1 and 12), kwh_per_m2 numeric not null check (kwh_per_m2 > 0),
          note text, primary key (archetype, month)`,
        readReference(import.meta.url, 'monthly_eui.csv'),
      )
    );
  },
};
