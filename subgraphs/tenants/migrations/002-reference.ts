import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;

export const tenants002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return referenceTable(
      'tenants.area',
      `code text primary key check (code ~ '^[1-9][0-9]{5}$'),
          level text not null check (level in ('NATION', 'PROVINCE', 'CITY', 'DISTRICT')),
          parent text references tenants.area, ${NAMES}, in_force boolean not null, note text`,
      readReference(import.meta.url, 'areas.csv'),
    );
  },
};
