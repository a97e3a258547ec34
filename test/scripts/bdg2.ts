import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { usccCheckCharacter } from '../../subgraphs/runtime/uscc.js';
import type { BuildingRow, MeterRow } from '../../scripts/client/wide/tables.js';

export const BDG2_SITES = ['Bear', 'Cockatoo', 'Fox', 'Lamb', 'Moose', 'Mouse', 'Panther', 'Rat'] as const;
export type Bdg2Site = (typeof BDG2_SITES)[number];

interface Metadata {
  building_id: string;
  site_id: string;
  primaryspaceusage: string;
  sub_primaryspaceusage: string;
  sqm: string;
  yearbuilt: string;
}

/** By use; what is not here is Z, other. */
const TYPES: Record<string, string> = {
  Office: 'A',
  'Public services': 'A',
  Retail: 'B',
  'Lodging/residential': 'C',
  'Food sales and service': 'C',
  Education: 'D',
  'Entertainment/public assembly': 'D',
  'Technology/science': 'D',
  Healthcare: 'E',
};
const SPORTS = /stadium|fitness|gymnasium|swimming|recreation/i;

const INDUSTRIES: Record<string, string> = {
  A: '9221',
  B: '5211',
  C: '6110',
  D: '8341',
  E: '8411',
  F: '8921',
};

/**
 * A site of the Building Data Genome 2 as the tables of `hub import wide`, as if it were in one district: real readings
 * and floor areas under made-up building codes and owners. The file's naive local time is taken for the meters' own;
 * their zone is Asia/Shanghai, because the data has 24 rows every day, also where the site's clock was changed.
 *
 * @param dir folder with the dataset's `buildings.csv` (metadata)
 * @param area GB/T 2260 code of the district; building codes differ between all sites, so sites may share one
 */
export async function bdg2Tables(
  dir: string,
  site: Bdg2Site,
  area = '310104',
): Promise<{ buildings: BuildingRow[]; meters: MeterRow[] }> {
  const text = await readFile(join(dir, 'buildings.csv'));
  const all = parse(text, { columns: true, bom: true, skip_empty_lines: true }) as Metadata[];
  const numbers = new Map<string, number>();
  const rows = all.map((building) => {
    const type = typeOf(building);
    const number = (numbers.get(type) ?? 0) + 1;
    numbers.set(type, number);
    return { building, type, id: `${area}${type}${String(number).padStart(3, '0')}` };
  });
  const own = rows.filter(({ building }) => building.site_id === site);
  return {
    buildings: own.map(({ building, type, id }) => buildingRow(building, type, id, area)),
    meters: own.map(({ building, id }) => meterRow(building, id)),
  };
}

/** Where the hourly electricity of a site is. */
export function bdg2File(dir: string, site: Bdg2Site): string {
  return join(dir, `electricity_hourly_${site}.csv.gz`);
}

function typeOf({ primaryspaceusage, sub_primaryspaceusage }: Metadata): string {
  return SPORTS.test(sub_primaryspaceusage) ? 'F' : (TYPES[primaryspaceusage] ?? 'Z');
}

function buildingRow(building: Metadata, type: string, id: string, area: string): BuildingRow {
  return {
    id,
    name: building.building_id,
    typeCode: type,
    area,
    ownerUscc: ownerOf(building.site_id, type, area),
    ownerName: `BDG2 ${building.site_id} ${type} (synthetic owner)`,
    ownerIndustry: INDUSTRIES[type] ?? '',
    ownerUnitClass: '',
    functionCode: '',
    floorAreaM2: building.sqm,
    yearBuilt: String(Math.trunc(Number(building.yearbuilt))),
    externalScheme: 'bdg2',
    externalValue: building.building_id,
  };
}

function meterRow({ building_id: name }: Metadata, buildingId: string): MeterRow {
  return {
    column: name,
    id: `${buildingId}-01000-1`,
    name: `${name} electricity`,
    buildingId,
    enterpriseUscc: '',
    parentId: '',
    level: '1',
    energyItem: '01000',
    unit: 'kWh',
    intervalMinutes: '60',
    timeZone: 'Asia/Shanghai',
    externalScheme: 'bdg2',
    externalValue: name,
  };
}

/**
 * One owner a site and type: a well-formed code that no register can hold, its organisation's part spelling BDG2, with
 * the check characters of GB 11714 (17th) and GB 32100 (18th).
 */
function ownerOf(site: string, type: string, area: string): string {
  const number = BDG2_SITES.indexOf(site as Bdg2Site) * 100 + type.charCodeAt(0) - 64;
  const body = `BDG2${String(number).padStart(4, '0')}`;
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce(
    (total, weight, index) => total + weight * Number.parseInt(body.charAt(index), 36),
    0,
  );
  const first17 = `12${area}${body}${'0X987654321'.charAt(sum % 11)}`;
  return first17 + usccCheckCharacter(first17);
}
