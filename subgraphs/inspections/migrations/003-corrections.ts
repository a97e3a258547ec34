import { correctableSql, type CorrectableTable } from '../../runtime/correctable.js';
import type { RoomMigration } from '../../runtime/migrate.js';

export const CORRECTABLE: readonly CorrectableTable[] = [
  {
    kind: 'INSPECTION',
    name: 'inspection',
    category: 'inspections',
    columns: {
      taskNumber: 'task_number',
      type: 'type',
      state: 'state',
      level: 'level',
      agency: 'agency',
      createdOn: 'created_on',
    },
  },
  {
    kind: 'INSPECTION_DOCUMENT',
    name: 'document',
    category: 'inspections',
    columns: { name: 'name', sha256: 'sha256' },
  },
  {
    kind: 'INSPECTION_FINDING',
    name: 'finding',
    category: 'inspections',
    columns: { clause: 'clause', description: 'description', severity: 'severity' },
  },
];

export const inspections003: RoomMigration = {
  name: '003-corrections',
  sql: correctableSql('inspections', CORRECTABLE),
};
