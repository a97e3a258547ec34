import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { fault } from '../failure.js';

/** A building to register, with its owner; every cell as written, '' where empty. */
export interface BuildingRow {
  id: string;
  name: string;
  typeCode: string;
  area: string;
  ownerUscc: string;
  /** Registers the owner too; without a name the owner must be registered already. */
  ownerName: string;
  ownerIndustry: string;
  ownerUnitClass: string;
  functionCode: string;
  floorAreaM2: string;
  yearBuilt: string;
  externalScheme: string;
  externalValue: string;
}

/** A meter to register, and the column of the wide file that holds its readings. */
export interface MeterRow {
  column: string;
  id: string;
  name: string;
  buildingId: string;
  /** Owner, where there is no building. */
  enterpriseUscc: string;
  parentId: string;
  level: string;
  energyItem: string;
  unit: string;
  intervalMinutes: string;
  timeZone: string;
  externalScheme: string;
  externalValue: string;
}

const BUILDING = {
  required: ['id', 'name', 'typeCode', 'area', 'ownerUscc'],
  optional: [
    ...['ownerName', 'ownerIndustry', 'ownerUnitClass', 'functionCode', 'floorAreaM2', 'yearBuilt'],
    ...['externalScheme', 'externalValue'],
  ],
};

const METER = {
  required: ['column', 'id', 'level', 'energyItem', 'unit'],
  optional: [
    ...['name', 'buildingId', 'enterpriseUscc', 'parentId', 'intervalMinutes', 'timeZone'],
    ...['externalScheme', 'externalValue'],
  ],
};

/** The table of buildings; throws Failure FILE_UNUSABLE naming the line or column that does not do. */
export async function readBuildings(path: string): Promise<BuildingRow[]> {
  return (await readTable(path, BUILDING)) as unknown as BuildingRow[];
}

/** The table of meters; columns and ids must be given once each. */
export async function readMeters(path: string): Promise<MeterRow[]> {
  const meters = (await readTable(path, METER)) as unknown as MeterRow[];
  refuseRepeated(
    path,
    'column',
    meters.map((meter) => meter.column),
  );
  refuseRepeated(
    path,
    'id',
    meters.map((meter) => meter.id),
  );
  return meters;
}

/** Rows as the text of such a table. */
export function tableText(rows: (BuildingRow | MeterRow)[]): string {
  const [first] = rows;
  if (!first) return '';
  const line = (cells: unknown[]): string =>
    `${cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')}\n`;
  return line(Object.keys(first)) + rows.map((row) => line(Object.values(row))).join('');
}

type Columns = typeof BUILDING;

async function readTable(path: string, columns: Columns): Promise<Record<string, string>[]> {
  const bytes = await readFile(path);
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const rows = parsed(path, text);
  const known = [...columns.required, ...columns.optional];
  const unknown = Object.keys(rows[0] ?? {}).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw unusable(path, `has unknown columns: ${unknown.join(', ')} (known: ${known.join(', ')})`);
  return rows.map((row, index) => {
    const missing = columns.required.find((name) => !row[name]);
    if (missing) throw unusable(path, `line ${index + 2} has no ${missing}`);
    return Object.fromEntries(known.map((name) => [name, row[name] ?? '']));
  });
}

function parsed(path: string, text: Buffer): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw fault(
      'FILE_UNUSABLE',
      `${path}: ${error instanceof Error ? error.message : String(error)}.`,
      error,
    );
  }
}

function refuseRepeated(path: string, name: string, values: string[]): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw unusable(path, `gives the ${name} "${repeated}" twice`);
}

function unusable(path: string, why: string): Error {
  return fault('FILE_UNUSABLE', `${path} ${why}.`);
}
