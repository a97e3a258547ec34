import { areaContains, isAreaCode } from '../../../gateway/policy/areas.js';
import { isEnergyKind } from '../../../gateway/policy/kinds.js';
import type { TenantInput } from '../inputs.js';
import type { ApplicationFormInput, ListedUnitInput } from './inputs.js';
import { ACCEPTANCE_ASPECTS, isOneOf, type Kind } from './lists.js';
import { must, mustBeText, mustBeUscc } from './musts.js';

const MOST_UNITS = 2_000;
const LONGEST_OPINION = 2_000;
const YEARS = 3;
/** Section or class of GB/T 4754. */
const INDUSTRY = /^([A-T]|\d{2,4})$/;

/** @throws Refusal BAD_USER_INPUT */
export function checkUnits(
  kind: Kind,
  { area, uscc }: Pick<TenantInput, 'area' | 'uscc'>,
  { units, numberOfUnits }: ApplicationFormInput,
  now: Date,
): void {
  must(units.length >= 1 && units.length <= MOST_UNITS, `units: 1 to ${MOST_UNITS}.`);
  must(
    numberOfUnits === units.length,
    `numberOfUnits: says ${numberOfUnits}, the list holds ${units.length}.`,
  );
  const seen = new Map<string, number>();
  for (const [place, unit] of units.entries()) {
    checkUnit(unit, place, area, now);
    const earlier = seen.get(unit.uscc);
    must(earlier === undefined, `units[${place}].uscc: ${unit.uscc} stands at ${earlier} already.`);
    seen.set(unit.uscc, place);
  }
  if (kind === 'ENTERPRISE')
    must(units.length === 1 && units[0]?.uscc === uscc, 'units: an enterprise lists itself and nobody else.');
}

function checkUnit(unit: ListedUnitInput, place: number, area: string, now: Date): void {
  const at = `units[${place}]`;
  mustBeUscc(unit.uscc, `${at}.uscc`);
  mustBeText(unit.name, `${at}.name`);
  mustBeText(unit.nature, `${at}.nature`);
  must(INDUSTRY.test(unit.industry), `${at}.industry: a section or class of GB/T 4754.`);
  must(isAreaCode(unit.place) && areaContains(area, unit.place), `${at}.place: lies outside ${area}.`);
  must(
    unit.energyKinds.length > 0 && unit.energyKinds.every(isEnergyKind),
    `${at}.energyKinds: 01 to 13, at least one.`,
  );
  const years = unit.energy.map(({ year }) => year).toSorted((one, other) => one - other);
  const last = years.at(-1) ?? 0;
  const follow = years.every((year, index) => year === last - (years.length - 1) + index);
  // Last year's figure is not there yet at the beginning of a year.
  const isRecent = last < now.getUTCFullYear() && last >= now.getUTCFullYear() - 2;
  must(years.length === YEARS && follow && isRecent, `${at}.energy: the last three years, each once.`);
  must(
    unit.energy.every(({ tce }) => !tce.startsWith('-')),
    `${at}.energy: a consumption is not negative.`,
  );
  checkConsumption(unit, at);
  checkAcceptance(unit, at);
}

/** Of each main kind at most once, and of no other (annex 6). */
function checkConsumption({ consumption, energyKinds }: ListedUnitInput, at: string): void {
  const kinds = (consumption ?? []).map(({ energyKind }) => energyKind);
  must(
    kinds.every((kind) => energyKinds.includes(kind)) && new Set(kinds).size === kinds.length,
    `${at}.consumption: each of its energyKinds once, and no other.`,
  );
  must(
    (consumption ?? []).every(({ tce }) => !tce.startsWith('-')),
    `${at}.consumption: a consumption is not negative.`,
  );
}

function checkAcceptance({ acceptance }: ListedUnitInput, at: string): void {
  const aspects = (acceptance ?? []).map(({ aspect }) => aspect);
  must(
    aspects.every((aspect) => isOneOf(ACCEPTANCE_ASPECTS, aspect)) &&
      new Set(aspects).size === aspects.length,
    `${at}.acceptance: ${Object.keys(ACCEPTANCE_ASPECTS).join(', ')}, each once.`,
  );
  for (const [place, { opinion }] of (acceptance ?? []).entries())
    must(
      opinion.trim() !== '' && opinion.length <= LONGEST_OPINION,
      `${at}.acceptance[${place}].opinion: 1 to ${LONGEST_OPINION} characters.`,
    );
}
