import { correctableSql, type CorrectableTable } from '../../runtime/correctable.js';
import type { RoomMigration } from '../../runtime/migrate.js';

export const CORRECTABLE: readonly CorrectableTable[] = [
  {
    kind: 'ENERGY_AUDIT',
    name: 'energy_audit',
    category: 'audits',
    columns: {
      year: 'year',
      level: 'level',
      auditor: 'auditor',
      conclusion: 'conclusion',
      energyUseKwhPerM2: 'energy_use_kwh_per_m2',
      savingPotentialPercent: 'saving_potential_percent',
      completedOn: 'completed_on',
    },
  },
  {
    kind: 'METERING_REVIEW',
    name: 'metering_review',
    category: 'reviews',
    columns: {
      year: 'year',
      leader: 'leader',
      result: 'result',
      nonconformities: 'nonconformities',
      plannedOn: 'planned_on',
      reviewedOn: 'reviewed_on',
    },
  },
];

export const audits003: RoomMigration = {
  name: '003-corrections',
  sql: correctableSql('audits', CORRECTABLE),
};
