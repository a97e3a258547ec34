import type { Category } from './categories.js';

/**
 * How fine readings may be seen: as they came, as sums of hours, as the total of a day, or as that of a month. Finest
 * first.
 */
export const GRANULARITIES = { AS_METERED: '原始粒度', HOUR: '逐时', DAY: '逐日', MONTH: '逐月' } as const;

export type Granularity = keyof typeof GRANULARITIES;

/** What a scope or a consent may be limited to, and the categories whose rows it can be read from. */
const DIMENSIONS = {
  energyKinds: ['meters', 'readings', 'quality', 'supplies'],
  buildingTypes: ['buildings', 'meters', 'readings', 'quality', 'audits'],
  meterLevels: ['meters', 'readings', 'quality'],
  finest: ['readings', 'quality'],
} as const satisfies Record<string, readonly Category[]>;

export type Dimension = keyof typeof DIMENSIONS;

export function hasDimension(category: Category, dimension: Dimension): boolean {
  return (DIMENSIONS[dimension] as readonly Category[]).includes(category);
}

/** The limits on rows: null is no limit; a row that lacks what is limited is outside. */
export interface Limits {
  /** First two digits of the energy item, `01` electricity. */
  energyKinds: string[] | null;
  /** Letters of the building code; H counts as Z. */
  buildingTypes: string[] | null;
  /** GB 17167: 1 gate, 2 main sub-unit, 3 main equipment. */
  meterLevels: number[] | null;
  /** Readings finer than this are summed before they leave. */
  finest: Granularity;
}

/** What a scope or consent says of limits; a scope has no levels and no granularity. */
export type StatedLimits = Partial<Limits>;

/**
 * The limits of a scope, and of the consent under which it is used, for one category. Undefined where nothing is left:
 * they exclude each other, or the scope is limited by what the category's rows do not have. A consent may cover several
 * categories, so its limits count for those that have them.
 */
export function limitsOf(
  category: Category,
  scope: StatedLimits,
  consent: StatedLimits = {},
): Limits | undefined {
  const isMeant = (dimension: Dimension): boolean =>
    (scope[dimension] ?? null) === null || hasDimension(category, dimension);
  if (!isMeant('energyKinds') || !isMeant('buildingTypes')) return undefined;
  const of = <D extends Dimension>(dimension: D): Limits[D] | null =>
    hasDimension(category, dimension) ? ((consent[dimension] ?? null) as Limits[D] | null) : null;
  const energyKinds = common(scope.energyKinds ?? null, of('energyKinds'));
  const buildingTypes = common(scope.buildingTypes ?? null, of('buildingTypes'));
  if (energyKinds?.length === 0 || buildingTypes?.length === 0) return undefined;
  return { energyKinds, buildingTypes, meterLevels: of('meterLevels'), finest: of('finest') ?? 'AS_METERED' };
}

/** Whether nothing is limited. */
export function isWhole({ energyKinds, buildingTypes, meterLevels, finest }: Limits): boolean {
  return energyKinds === null && buildingTypes === null && meterLevels === null && finest === 'AS_METERED';
}

function common(some: string[] | null, others: string[] | null): string[] | null {
  if (some === null || others === null) return some ?? others;
  return some.filter((one) => others.includes(one));
}
