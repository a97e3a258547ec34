import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

export const audits002: RoomMigration = {
  name: '002-reference',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return referenceTable(
      'audits.jjf1356_clause',
      `edition text not null, clause text not null,
          kind text not null check (kind in ('CLAUSE', 'REPORT_SECTION', 'ANNEX_TABLE')),
          title_zh text not null, title_en text not null, note text, primary key (edition, clause)`,
      readReference(import.meta.url, 'jjf1356_clauses.csv'),
    );
  },
};
