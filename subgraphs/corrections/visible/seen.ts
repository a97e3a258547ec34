import { Refusal } from '../../../gateway/errors.js';
import type { Category } from '../../../gateway/policy/categories.js';
import type { Granularity } from '../../../gateway/policy/limits.js';
import type { CorrectionKind } from '../../runtime/corrections.js';
import { limitedFunction, mayRead } from '../../runtime/reach.js';

interface DataTable {
  category: Category;
  /** The column by which limited reaches find its rows. */
  key: string;
  /** The table whose rows the key names, where it is another. */
  of?: string;
  /** Values are shown as they are or not at all. */
  finest?: Granularity;
}

/** Every table of which something may be corrected, and what takes reading a row of it. A table that is not here is not changed by hand. */
export const TABLES = {
  'enterprises.enterprise': { category: 'enterprises', key: 'uscc' },
  'buildings.building': { category: 'buildings', key: 'id' },
  'metering.meter': { category: 'meters', key: 'id' },
  'metering.day_block': { category: 'readings', key: 'meter', of: 'metering.meter', finest: 'AS_METERED' },
  'audits.energy_audit': { category: 'audits', key: 'id' },
  'audits.metering_review': { category: 'reviews', key: 'id' },
  'inspections.inspection': { category: 'inspections', key: 'id' },
  'inspections.document': { category: 'inspections', key: 'id' },
  'inspections.finding': { category: 'inspections', key: 'id' },
} as const satisfies Record<string, DataTable>;

type TableName = keyof typeof TABLES;

const TABLE_OF: Record<CorrectionKind, TableName> = {
  METER_DAY: 'metering.day_block',
  ENERGY_AUDIT: 'audits.energy_audit',
  METERING_REVIEW: 'audits.metering_review',
  INSPECTION: 'inspections.inspection',
  INSPECTION_DOCUMENT: 'inspections.document',
  INSPECTION_FINDING: 'inspections.finding',
};

/** SQL that is true where the caller may read the row that a correction is about, as the row's own table asks it. */
export function mayReadCorrected(row = ''): string {
  const cases = Object.entries(TABLE_OF).map(
    ([kind, table]) => `when '${kind}' then ${mayReadRow(table, row, 'area', `${row}record`)}`,
  );
  return `coalesce(case ${row}kind ${cases.join('\n      ')} end, false)`;
}

/** The same for a row that is to be changed by hand. */
export function mayReadByHand(row = ''): string {
  const cases = (Object.keys(TABLES) as TableName[]).map(
    (table) =>
      `when '${table}' then ${mayReadRow(table, row, 'row_area', `(${row}key ->> '${TABLES[table].key}')`)}`,
  );
  return `coalesce(case ${row}target ${cases.join('\n      ')} end, false)`;
}

function mayReadRow(table: TableName, row: string, area: string, key: string): string {
  const { category, of = table, finest }: DataTable = TABLES[table];
  const limited = { column: key, among: limitedFunction(of) };
  return mayRead(category, {
    ...{ area: `${row}${area}`, subject: `${row}subject`, limited },
    ...(finest && { finest }),
  });
}

/** Who may not read a row is neither shown its values nor decides what they become. */
export function unseen(category: Category | undefined): Refusal {
  return new Refusal('ROW_OUT_OF_REACH', {
    rule: 'corrections/seen',
    message: 'The row that it changes is not in reach.',
    remedy: `It takes ${category ?? 'its category'}:read over the row, for the purpose of the request.`,
  });
}

export function categoryOfKind(kind: CorrectionKind): Category {
  return TABLES[TABLE_OF[kind]].category;
}

export function categoryOfTable(target: string): Category | undefined {
  return Object.hasOwn(TABLES, target) ? TABLES[target as TableName].category : undefined;
}
