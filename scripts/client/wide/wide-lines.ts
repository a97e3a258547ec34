import { columnsOf, textOfCell } from '../../../subgraphs/metering/formats/wide/cells.js';
import { fault } from '../failure.js';
import { DayGrid, type GridColumn, type GridOptions } from './day-grid.js';
import type { NumeralCount } from './numerals.js';
import type { MeterRow } from './tables.js';
import { headerOf, rowsOf } from './wide-file.js';

export interface WideOptions extends Omit<GridOptions, 'timeZone' | 'interval'> {
  /** Minutes, for meters whose row names none. */
  interval: number;
  /** Whether columns that the table of meters does not have are passed over. */
  skipUnlisted: boolean;
}

const TIME_ZONE = 'Asia/Shanghai';

/** What was read of the file so far. */
export interface WideCount extends NumeralCount {
  rows: number;
  /** Rows that close a day and bear that day's date: put where they belong, and marked so. */
  misdatedRows: number[];
}

export function nothingRead(): WideCount {
  return { rows: 0, misdatedRows: [], tooFine: 0, rounded: 0 };
}

/** Which columns are read as which meters. */
export interface WidePlan {
  meters: MeterRow[];
  /** Columns without a meter. */
  unlisted: string[];
  /** Meters whose column the file does not have. */
  absent: number;
}

/**
 * Compares the header with the table of meters, before anything is sent.
 *
 * @throws Failure FILE_UNUSABLE for columns without a meter, USAGE for unknown time zones and odd intervals.
 */
export async function planOf(path: string, meters: MeterRow[], options: WideOptions): Promise<WidePlan> {
  const header = await headerOf(path);
  const columns = columnsOf(header);
  if (typeof columns === 'string') throw fault('FILE_UNUSABLE', `${path} ${columns}.`);
  const listed = new Set(meters.map((meter) => meter.column));
  const unlisted = columns.filter((column) => !listed.has(column));
  const present = meters.filter((meter) => columns.includes(meter.column));
  if (unlisted.length > 0 && !options.skipUnlisted) {
    const names = unlisted.slice(0, 5).join(', ') + (unlisted.length > 5 ? ', …' : '');
    throw fault(
      'FILE_UNUSABLE',
      `${path}: no meter is given for ${unlisted.length} columns (${names}). Add them, or say --skip-unlisted.`,
    );
  }
  if (present.length === 0)
    throw fault('FILE_UNUSABLE', `${path} has no column of any of the ${meters.length} meters.`);
  gridsOf(header, present, options, nothingRead());
  return { meters: present, unlisted, absent: meters.length - present.length };
}

/**
 * The readings of a wide file as lines of the upload door, a meter and day each, in pieces of a day's lines. The same
 * file and options give the same lines. Holds one day in memory.
 */
export async function* wideLines(
  path: string,
  { meters }: WidePlan,
  options: WideOptions,
  count: WideCount,
  read?: (bytes: number) => void,
): AsyncGenerator<string[]> {
  let grids: DayGrid[] | undefined;
  for await (const { number, cells } of rowsOf(path, read)) {
    if (!grids) {
      grids = gridsOf(cells.map(textOfCell), meters, options, count);
      continue;
    }
    count.rows += 1;
    for (const grid of grids) {
      const { lines, isMisdated } = grid.take(cells, number);
      if (isMisdated && count.misdatedRows.at(-1) !== number) count.misdatedRows.push(number);
      if (lines.length > 0) yield lines;
    }
  }
  for (const grid of grids ?? []) {
    const lines = grid.flush();
    if (lines.length > 0) yield lines;
  }
}

function gridsOf(header: string[], meters: MeterRow[], options: WideOptions, count: WideCount): DayGrid[] {
  const groups = new Map<string, { columns: GridColumn[]; timeZone: string; interval: number }>();
  for (const meter of meters) {
    const timeZone = meter.timeZone || TIME_ZONE;
    const interval = meter.intervalMinutes === '' ? options.interval : Number(meter.intervalMinutes);
    const key = `${timeZone} ${interval}`;
    const group = groups.get(key) ?? { columns: [], timeZone, interval };
    group.columns.push({ index: header.indexOf(meter.column), meter: meter.id });
    groups.set(key, group);
  }
  return [...groups.values()].map(
    ({ columns, timeZone, interval }) => new DayGrid(columns, { ...options, timeZone, interval }, count),
  );
}
