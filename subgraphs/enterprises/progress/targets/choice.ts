import { areaContains, areaPrefix } from '../../../../gateway/policy/areas.js';
import type { AccessSetting, AccessTarget } from './entities.js';

interface Bounds {
  least: number;
  most: number;
  isWhole: boolean;
  unit: string;
}

/** What an area may say; the table checks the same. */
export const SETTINGS = {
  UPLOAD_DAYS: { least: 1, most: 92, isWhole: true, unit: 'days' },
  DAY_DEADLINE: { least: 0, most: 720, isWhole: false, unit: 'hours' },
  DAY_COMPLETENESS: { least: 0, most: 100, isWhole: false, unit: 'per cent' },
  REPORT_DUE_DAY: { least: 1, most: 28, isWhole: true, unit: 'as day of the month' },
} as const satisfies Record<string, Bounds>;
export type SettingCode = keyof typeof SETTINGS;

/** What is wrong about a figure, in words; undefined when nothing is. */
export function wrongIn(code: string, value: string): string | undefined {
  const known: Record<string, Bounds> = SETTINGS;
  const bounds = Object.hasOwn(known, code) ? known[code] : undefined;
  if (!bounds) return `code: ${code} is none; there are ${Object.keys(known).join(', ')}.`;
  const { least, most, isWhole, unit } = bounds;
  const figure = Number(value);
  if (figure >= least && figure <= most && (!isWhole || Number.isInteger(figure))) return undefined;
  return `value: ${code} is ${isWhole ? 'whole, ' : ''}${least} to ${most} ${unit}, was ${value}.`;
}

/** The figure for an area: of the narrowest area that gave one, its last version. */
export function settingFor(settings: readonly AccessSetting[], code: SettingCode, area: string): string {
  const [best] = settings
    .filter((one) => one.code === code && areaContains(one.area, area))
    .toSorted(narrowestFirst);
  if (!best) throw new Error(`there is no setting ${code} for ${area}`);
  return best.value;
}

/**
 * Targets that count in an area: of each class those of the narrowest area that has any, their last versions. So many
 * units are wanted of an area as a whole, so its districts do not inherit them.
 */
export function targetsFor(targets: readonly AccessTarget[], area: string): AccessTarget[] {
  const here = targets
    .filter((one) => areaContains(one.area, area) && (one.units === null || one.area === area))
    .toSorted(narrowestFirst);
  return [...Map.groupBy(here, ({ unitClass }) => unitClass).values()].flatMap((ofClass) => {
    const counting = inForce(ofClass);
    return counting
      .filter(({ area: its }) => its === counting[0]?.area)
      .toSorted((one, other) => (one.until < other.until ? -1 : 1));
  });
}

/** The day by which all units of a class are wanted, the first where there are several. */
export function wholeBy(targets: readonly AccessTarget[], unitClass: string): string | null {
  const whole = targets.filter((one) => one.unitClass === unitClass && Number(one.share) === 100);
  return whole[0]?.until ?? null;
}

/** Of a list with the last version first; what was taken back is none. */
function inForce(targets: readonly AccessTarget[]): AccessTarget[] {
  const last = Map.groupBy(targets, ({ area, until }) => `${area} ${until}`).values();
  return [...last].map(([first]) => first!).filter(({ share, units }) => Number(share ?? units) > 0);
}

interface Versioned {
  area: string;
  version: number;
}

function narrowestFirst(one: Versioned, other: Versioned): number {
  return areaPrefix(other.area).length - areaPrefix(one.area).length || other.version - one.version;
}
