import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { fault } from '../failure.js';

const COLUMNS = ['uscc', 'planned_on', 'organ'] as const;
const MORE = ['batch', 'building_since', 'energy_classes'] as const;

/** @throws Failure FILE_UNUSABLE that names the line. */
export async function readPlans(path: string): Promise<object[]> {
  const rows = await rowsOf(path);
  const heads = Object.keys(rows[0]?.row ?? {});
  const missing = COLUMNS.find((column) => !heads.includes(column));
  const unknown = heads.find((head) => ![...COLUMNS, ...MORE].includes(head as (typeof COLUMNS)[number]));
  if (rows.length === 0) throw fault('FILE_UNUSABLE', `${path} has no rows.`);
  if (missing) throw fault('FILE_UNUSABLE', `${path}: there is no column ${missing}.`);
  if (unknown) {
    throw fault(
      'FILE_UNUSABLE',
      `${path}: ${unknown} is no column of a plan; there are ${[...COLUMNS, ...MORE].join(', ')}.`,
    );
  }
  return rows.map(({ row, line }) => {
    const empty = COLUMNS.find((column) => !row[column]);
    if (empty) throw fault('FILE_UNUSABLE', `${path}, line ${line}: ${empty} is empty.`);
    return {
      enterpriseUscc: row['uscc'],
      plannedOn: row['planned_on'],
      organ: row['organ'],
      batch: row['batch'] || null,
      buildingSince: row['building_since'] || null,
      energyClasses: (row['energy_classes'] ?? '').split(/[\s,;、]+/).filter((one) => one !== ''),
    };
  });
}

async function rowsOf(path: string): Promise<{ row: Record<string, string>; line: number }[]> {
  try {
    const records = parse(await readFile(path), {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ row: record, line: info.lines }));
  } catch (error) {
    throw fault(
      'FILE_UNUSABLE',
      `${path}: ${error instanceof Error ? error.message : 'cannot be read'}`,
      error,
    );
  }
}
