import { areaPrefix } from '../../../gateway/policy/areas.js';
import { decimalText } from '../../runtime/decimal.js';
import { floorAreaOf } from './floor-areas.js';
import { type CellState, release } from './disclosure/release.js';
import type { DisclosureRules } from './disclosure/rules.js';
import { ALL, type Contribution, keyOf } from './disclosure/table.js';

/** A building's class total of a month, in millionths of its unit. */
export interface Reported {
  area: string;
  building: string;
  energyItem: string;
  unit: string;
  subject: string;
  amount: bigint;
}

/** A cell as it is published; area and building type are {@link ALL} in totals. */
export interface EditionCell {
  area: string;
  buildingType: string;
  energyItem: string;
  unit: string;
  state: CellState;
  total: string | null;
  subjects: number | null;
  buildings: number | null;
  floorAreaM2: string | null;
}

export interface SeriesContribution extends Contribution {
  energyItem: string;
  unit: string;
}

export interface EarlierRevision {
  contributions: SeriesContribution[];
  cells: EditionCell[];
}

export interface Circumstances {
  rules: DisclosureRules;
  /** Hundredths of a m² of each building; undefined where it is not registered. */
  floorAreas: ReadonlyMap<string, bigint>;
  /** Revisions of the same month, the first one first. */
  earlier: EarlierRevision[];
  /** The latest revision of the month before. */
  before: EditionCell[];
}

const DECIMALS = 6;
const WITHHOLDING: readonly CellState[] = ['TOO_FEW', 'DOMINATED', 'COMPLEMENTARY'];

/** The row of a table: the district in a city; the city in a province that has some; 99 where it is in neither. */
export function rowOf(publisher: string, area: string): string {
  if (area === publisher) return `${area.slice(0, 4)}99`;
  const isProvince =
    areaPrefix(publisher).length === 2 && !['11', '12', '31', '50'].includes(area.slice(0, 2));
  return isProvince ? `${area.slice(0, 4)}00` : area;
}

/** What each subject put into each inner cell; the letter of a code is the building's type, H is told as Z. */
export function contributionsOf(reported: readonly Reported[]): SeriesContribution[] {
  const all = new Map<string, SeriesContribution>();
  for (const { area: row, building, energyItem, unit, subject, amount } of reported) {
    const column = typeOf(building);
    const key = [energyItem, unit, row, column, subject].join(' ');
    const known = all.get(key);
    if (known) known.amount += amount;
    else all.set(key, { energyItem, unit, row, column, subject, amount });
  }
  return [...all.values()];
}

function typeOf(building: string): string {
  const letter = building.slice(6, 7);
  return letter === 'H' ? 'Z' : letter;
}

/** Every class and unit is a table of its own: rows are areas, columns building types. */
export function cellsOf(reported: readonly Reported[], circumstances: Circumstances): EditionCell[] {
  const contributions = contributionsOf(reported);
  const { earlier } = circumstances;
  const named = [...contributions, ...earlier.flatMap((one) => one.contributions)].map(seriesOf);
  return [...new Set(named)].sort().flatMap((series) => {
    const ofSeries = <T extends Series>(all: readonly T[]): T[] =>
      all.filter((one) => seriesOf(one) === series);
    const told = earlier.map((one) => ({
      contributions: ofSeries(one.contributions),
      states: statesOf(ofSeries(one.cells)),
    }));
    const now = ofSeries(contributions);
    const states = release(now, {
      rules: circumstances.rules,
      knowing: [...new Set([...now, ...told.flatMap((one) => one.contributions)].map(({ row }) => row))],
      earlier: told,
      preferred: withheldIn(ofSeries(circumstances.before)),
    });
    const figures = { reported: ofSeries(reported), last: ofSeries(earlier.at(-1)?.cells ?? []) };
    return [...states]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, state]) => cellOf(key, state, series, figures, circumstances));
  });
}

interface Series {
  energyItem: string;
  unit: string;
}

function seriesOf({ energyItem, unit }: Series): string {
  return `${energyItem} ${unit}`;
}

function statesOf(cells: readonly EditionCell[]): Map<string, CellState> {
  return new Map(cells.map((cell) => [keyOf(cell.area, cell.buildingType), cell.state]));
}

function withheldIn(cells: readonly EditionCell[]): Set<string> {
  return new Set([...statesOf(cells)].filter(([, state]) => WITHHOLDING.includes(state)).map(([key]) => key));
}

const NOTHING = { total: null, subjects: null, buildings: null, floorAreaM2: null };

function cellOf(
  key: string,
  state: CellState,
  series: string,
  { reported, last }: { reported: Reported[]; last: EditionCell[] },
  { floorAreas }: Circumstances,
): EditionCell {
  const [area = ALL, buildingType = ALL] = key.split('/');
  const [energyItem = '', unit = ''] = series.split(' ');
  const place = { area, buildingType, energyItem, unit, state };
  if (WITHHOLDING.includes(state)) return { ...place, ...NOTHING };
  if (state === 'KEPT') {
    const { total, subjects, buildings, floorAreaM2 } =
      last.find((cell) => keyOf(cell.area, cell.buildingType) === key) ?? NOTHING;
    return { ...place, total, subjects, buildings, floorAreaM2 };
  }
  const rows = reported.filter(
    (row) => [ALL, row.area].includes(area) && [ALL, typeOf(row.building)].includes(buildingType),
  );
  return { ...place, ...figuresOf(rows, floorAreas) };
}

function figuresOf(
  rows: readonly Reported[],
  floorAreas: ReadonlyMap<string, bigint>,
): Omit<EditionCell, 'area' | 'buildingType' | 'energyItem' | 'unit' | 'state'> {
  const buildings = [...new Set(rows.map(({ building }) => building))];
  const floor = floorAreaOf(buildings, floorAreas);
  const total = rows.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    total: decimalText(String(total), DECIMALS),
    subjects: new Set(rows.map(({ subject }) => subject)).size,
    buildings: buildings.length,
    floorAreaM2: floor === undefined ? null : decimalText(String(floor), 2),
  };
}
