import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;

export const enterprises002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return referenceTable(
      'enterprises.industry',
      `code text primary key check (code ~ '^([A-T]|[0-9]{2,4})$'),
          level text not null check (level in ('SECTION', 'DIVISION', 'GROUP', 'CLASS')),
          parent text references enterprises.industry, ${NAMES}, note text`,
      readReference(import.meta.url, 'industries.csv'),
    );
  },
};
