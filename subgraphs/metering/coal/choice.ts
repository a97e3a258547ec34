import { Refusal } from '../../../gateway/errors.js';
import { areaContains } from '../../../gateway/policy/areas.js';
import { CoalBasis, type CoalCoefficient } from './entities.js';
import type { CoalArguments } from './inputs.js';

/** An amount of one energy item over a period: what can be counted as standard coal. */
export interface Amount {
  /** Exact decimal, in `unit`. */
  total: string;
  unit: string;
  energyItem: string;
  /** GB/T 2260 codes of where it was metered. */
  areas: readonly string[];
  from: string;
  to: string;
}

/** What a unit measures, and how many of the base unit (MJ, m3, kg) it is, as an exact decimal. */
export interface UnitFactor {
  unit: string;
  quantity: 'ENERGY' | 'VOLUME' | 'MASS';
  factor: string;
}

/** By what to count: as callers ask, and editions to prefer where they hold the energy. */
export type Asked = CoalArguments & { preferred?: readonly string[] };

export interface CoalTables {
  /** Energy that a class is counted as; null where the class does not say. */
  classes: ReadonlyMap<string, { energy: string | null; note: string | null }>;
  /** Energies by code, with the unit of their coefficients. */
  energies: ReadonlyMap<string, { unit: string; nameZh: string }>;
  units: ReadonlyMap<string, UnitFactor>;
}

const missing = (message: string, remedy: string): Refusal =>
  new Refusal('COEFFICIENT_MISSING', { rule: 'coal/coefficient', message, remedy });

/** @throws Refusal COEFFICIENT_MISSING where the class is no energy, or several; BAD_USER_INPUT for an unknown energy. */
export function energyOf({ energyItem }: Amount, { energy }: CoalArguments, tables: CoalTables): string {
  if (energy) {
    if (tables.energies.has(energy)) return energy;
    throw new Refusal('BAD_USER_INPUT', {
      message: `energy: ${energy} is not in the table.`,
      remedy: 'coalCoefficients lists those that are.',
    });
  }
  const energyClass = energyItem.slice(0, 2);
  const known = tables.classes.get(energyClass);
  if (known?.energy) return known.energy;
  throw missing(
    `Energy class ${energyClass} has no coefficient of standard coal of its own${known?.note ? `: ${known.note}` : ''}.`,
    'Say which energy of the table it is (energy), or leave it out.',
  );
}

/** Factors of both units over their common base unit. @throws Refusal COEFFICIENT_MISSING where they measure different things. */
export function factorsOf(
  { unit }: Amount,
  energy: string,
  { energies, units }: CoalTables,
): { factor: string; base: string } {
  const counted = energies.get(energy)?.unit ?? '';
  const [of, to] = [units.get(unit), units.get(counted)];
  if (of && to && of.quantity === to.quantity) return { factor: of.factor, base: to.factor };
  throw missing(
    `${energy} is counted by ${counted}, and was metered in ${unit}.`,
    of
      ? 'Say the energy whose coefficient goes with the unit (energy).'
      : 'Register the meter with a unit of the table.',
  );
}

/**
 * The coefficient that counts: one that is named, else what the narrowest area that covers all of the amount gave for
 * the year, else the edition of the standard that was in force on the last day. Two bases are never mixed.
 *
 * @param known coefficients of the energy, of both bases.
 * @throws Refusal COEFFICIENT_MISSING, which names what there is instead.
 */
export function chosen(
  known: readonly CoalCoefficient[],
  amount: Amount,
  asked: Asked,
  energy: string,
): CoalCoefficient {
  const ofBasis = known.filter(({ basis }) => basis === 'ANY' || basis === asked.basis);
  const fitting = ofBasis.filter(({ area }) => amount.areas.every((inner) => areaContains(area, inner)));
  if (asked.edition) {
    const named = fitting.find(({ edition }) => edition === asked.edition);
    if (named) return named;
    throw missing(
      `${asked.edition} holds no ${basisName(asked.basis)} coefficient of ${energy} that counts here.`,
      rest(fitting),
    );
  }
  const preferred = fitting.find(({ edition }) => asked.preferred?.includes(edition));
  if (preferred) return preferred;
  const ofAreas = fitting.filter(({ addedBy, year }) => addedBy !== null || year !== null);
  const year = asked.year ?? yearOf(amount);
  if (year === null && ofAreas.length > 0) {
    throw missing(
      `${amount.from} to ${amount.to} is not within one year, and there are coefficients by year.`,
      'Say the year of the coefficient (year), or its edition.',
    );
  }
  const ofYear = ofAreas.filter((one) => one.year === year).toSorted(narrowestThenLatest);
  const standards = fitting.filter(({ validFrom }) => validFrom !== null && validFrom <= amount.to);
  const found = ofYear[0] ?? standards.toSorted(latestInForce)[0];
  if (found) return found;
  throw missing(
    `No ${basisName(asked.basis)} coefficient of ${energy} for ${year ?? amount.to} is known.`,
    rest(fitting),
  );
}

function rest(known: readonly CoalCoefficient[]): string {
  const editions = known.map(
    ({ edition, low, high, verified }) =>
      `${edition} (${low === high ? low : `${low} to ${high}`}${verified ? '' : ', unverified'})`,
  );
  const say = editions.length > 0 ? `Say which (edition): ${editions.join('; ')}. Or an` : 'An';
  return `${say} admin of the area adds one for the year (addCoefficient).`;
}

function basisName(basis: CoalBasis): string {
  return basis === CoalBasis.EQUIVALENT ? 'equivalent' : 'equal-value';
}

function yearOf({ from, to }: Amount): number | null {
  return from.slice(0, 4) === to.slice(0, 4) ? Number(to.slice(0, 4)) : null;
}

/** A wider area's code has more zeros at its end; the nation's prefix is empty. */
function narrowestThenLatest(one: CoalCoefficient, other: CoalCoefficient): number {
  if (one.area === other.area) return other.version - one.version;
  return areaContains(one.area, other.area) ? 1 : -1;
}

function latestInForce(one: CoalCoefficient, other: CoalCoefficient): number {
  return (one.validFrom ?? '') < (other.validFrom ?? '') ? 1 : -1;
}
