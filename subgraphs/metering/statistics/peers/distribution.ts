import { decimalText } from '../../../runtime/decimal.js';
import type { Reported } from '../cells.js';
import { type DisclosureRules, unsafe } from '../disclosure/rules.js';

/** How peers' consumption a m² is spread, as it is published: decimals of three figures. */
export interface Distribution {
  buildingType: string;
  energyItem: string;
  unit: string;
  buildings: number;
  subjects: number;
  mean: string;
  p10: string;
  p25: string;
  p50: string;
  p75: string;
  p90: string;
}

/** Fewer owners are no peers to be measured by, and each would be near one of the percentiles. */
const FEWEST_OWNERS = 10;
/** So many owners stand behind each percentile: it is nobody's own figure. */
const OWNERS_OF_EACH = 3;
const SIGNIFICANT = 3;
const DECIMALS = 6;
const RANKS = { p10: 10, p25: 25, p50: 50, p75: 75, p90: 90 } as const;

interface Intensity {
  subject: string;
  /** Millionths of a unit a m². */
  value: bigint;
}

/**
 * Of all buildings of a type in the city whose floor area is known. A type with too few owners, or that one or two
 * would dominate, has none.
 */
export function distributionsOf(
  reported: readonly Reported[],
  floorAreas: ReadonlyMap<string, bigint>,
  rules: DisclosureRules,
): Distribution[] {
  const groups = Map.groupBy(
    [
      ...Map.groupBy(reported, ({ building, energyItem, unit }) =>
        [building, energyItem, unit].join(' '),
      ).values(),
    ],
    ([row]) => [row!.building.slice(6, 7).replace('H', 'Z'), row!.energyItem, row!.unit].join(' '),
  );
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, buildings]) => {
      const [buildingType = '', energyItem = '', unit = ''] = key.split(' ');
      const intensities = buildings.flatMap((rows) => intensityOf(rows, floorAreas) ?? []);
      const spread = spreadOf(intensities, rules);
      return spread ? [{ buildingType, energyItem, unit, ...spread }] : [];
    });
}

/** A building that changed hands within the month is left out: it would stand for two owners. */
function intensityOf(rows: Reported[], floorAreas: ReadonlyMap<string, bigint>): Intensity | undefined {
  const [row] = rows;
  const floor = floorAreas.get(row!.building);
  if (rows.length !== 1 || !floor || row!.amount <= 0n) return undefined;
  return { subject: row!.subject, value: (row!.amount * 100n) / floor };
}

function spreadOf(
  intensities: Intensity[],
  rules: DisclosureRules,
): Omit<Distribution, 'buildingType' | 'energyItem' | 'unit'> | undefined {
  const bySubject = new Map<string, bigint>();
  for (const { subject, value } of intensities)
    bySubject.set(subject, (bySubject.get(subject) ?? 0n) + value);
  if (bySubject.size < FEWEST_OWNERS || unsafe(bySubject.values(), rules)) return undefined;
  const sorted = intensities.toSorted((one, other) =>
    one.value < other.value ? -1 : one.value > other.value ? 1 : 0,
  );
  const at = (percent: number): string =>
    rounded(meanOf(around(sorted, Math.ceil((sorted.length * percent) / 100) - 1)));
  return {
    buildings: intensities.length,
    subjects: bySubject.size,
    mean: rounded(meanOf(sorted)),
    p10: at(RANKS.p10),
    p25: at(RANKS.p25),
    p50: at(RANKS.p50),
    p75: at(RANKS.p75),
    p90: at(RANKS.p90),
  };
}

/** The building at a rank and those next to it, until they are of several owners. */
function around(sorted: readonly Intensity[], rank: number): Intensity[] {
  for (let width = 1; ; width += 1) {
    const part = sorted.slice(Math.max(0, rank - width), rank + width + 1);
    if (new Set(part.map(({ subject }) => subject)).size >= OWNERS_OF_EACH) return part;
  }
}

function meanOf(part: readonly Intensity[]): bigint {
  return part.reduce((sum, { value }) => sum + value, 0n) / BigInt(part.length);
}

/** Half away from zero. */
function rounded(value: bigint): string {
  const unit = 10n ** BigInt(Math.max(0, value.toString().length - SIGNIFICANT));
  return decimalText(String(((value + unit / 2n) / unit) * unit), DECIMALS);
}
