import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;

export const inspections002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return referenceTable(
      'inspections.document_form',
      `code text primary key check (code ~ '^[A-Z][A-Z_]*$'), ${NAMES}, note text`,
      readReference(import.meta.url, 'inspection_documents.csv'),
    );
  },
};
