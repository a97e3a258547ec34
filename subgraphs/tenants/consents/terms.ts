import { Refusal } from '../../../gateway/errors.js';
import { isCategory, isSubjectCategory } from '../../../gateway/policy/categories.js';
import { isEnergyKind } from '../../../gateway/policy/kinds.js';
import { type Dimension, GRANULARITIES, hasDimension } from '../../../gateway/policy/limits.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';

/** What a recipient may have, and for how long. Null kinds or levels are all of them. */
export interface Terms {
  categories: string[];
  energyKinds: string[] | null;
  meterLevels: number[] | null;
  finest: string;
  purpose: string;
  validFrom: string;
  validTo: string;
  eraseBy: string | null;
}

/** Terms as they come in: what is left out is not limited. */
export type TermsInput = Pick<Terms, 'categories' | 'purpose' | 'validFrom' | 'validTo'> & {
  [Name in 'energyKinds' | 'meterLevels' | 'finest' | 'eraseBy']?: Terms[Name] | null;
};

/** @throws Refusal PURPOSE_UNKNOWN, BAD_USER_INPUT for what no closed list has or no category of these knows. */
export function termsOf(input: TermsInput): Terms {
  const { categories, energyKinds = null, meterLevels = null, purpose, eraseBy = null } = input;
  const finest = input.finest ?? 'AS_METERED';
  const { validFrom, validTo } = input;
  if (!isPurpose(purpose)) {
    throw new Refusal('PURPOSE_UNKNOWN', { message: `${purpose} is not in the closed list of purposes.` });
  }
  mustBeKnown(categories, isCategory, 'is no category');
  mustBeKnown(
    categories,
    isSubjectCategory,
    'is not data about an enterprise, which is what a consent opens',
  );
  mustBeKnown(energyKinds ?? [], isEnergyKind, 'is no energy kind');
  mustBeKnown(meterLevels ?? [], (level) => [1, 2, 3].includes(level), 'is no meter level');
  mustBeKnown([finest], (name) => rank(name) >= 0, 'is no granularity');
  if (energyKinds) mustApply(categories, 'energyKinds');
  if (meterLevels) mustApply(categories, 'meterLevels');
  if (Date.parse(validTo) <= Date.parse(validFrom)) refuse('It would end before it begins.');
  if (eraseBy !== null && Date.parse(eraseBy) < Date.parse(validTo))
    refuse('What is received would have to be erased (eraseBy) before the consent ends (validTo).');
  return { categories, energyKinds, meterLevels, finest, purpose, validFrom, validTo, eraseBy };
}

/** Null or nothing is as asked. */
type Less = { [Name in Exclude<keyof Terms, 'purpose'>]?: Terms[Name] | null | undefined };

/**
 * What the subject gives of what was asked: what it does not name is given as asked.
 *
 * @throws Refusal BAD_USER_INPUT naming what was not asked for.
 */
export function granted(asked: Terms, less: Less): Terms {
  const named = Object.entries(less).filter(([, value]) => value !== null && value !== undefined);
  const { purpose } = asked;
  const given = termsOf({ ...asked, ...(Object.fromEntries(named) as Partial<Terms>), purpose });
  const wider = (
    [
      ['categories', isWithin(given.categories, asked.categories)],
      ['energyKinds', isWithin(given.energyKinds, asked.energyKinds)],
      ['meterLevels', isWithin(given.meterLevels, asked.meterLevels)],
      ['finest', rank(given.finest) >= rank(asked.finest)],
      ['validFrom', Date.parse(given.validFrom) >= Date.parse(asked.validFrom)],
      ['validTo', Date.parse(given.validTo) <= Date.parse(asked.validTo)],
      ['eraseBy', timeOf(given.eraseBy) <= timeOf(asked.eraseBy)],
    ] as const
  ).find(([, isAsked]) => !isAsked);
  if (wider) refuse(`${wider[0]}: more is granted than was asked for.`);
  return given;
}

function rank(granularity: string): number {
  return Object.keys(GRANULARITIES).indexOf(granularity);
}

function isWithin<T>(given: readonly T[] | null, asked: readonly T[] | null): boolean {
  return asked === null || (given !== null && given.every((value) => asked.includes(value)));
}

/** What is never to be erased is erased after everything else. */
function timeOf(time: string | null): number {
  return time === null ? Number.POSITIVE_INFINITY : Date.parse(time);
}

function mustBeKnown<T extends string | number>(
  values: readonly T[],
  isKnown: (value: T) => boolean,
  what: string,
): void {
  const unknown = values.find((value) => !isKnown(value));
  if (unknown !== undefined) refuse(`${unknown} ${what}.`);
}

function mustApply(categories: readonly string[], dimension: Dimension): void {
  if (!categories.some((category) => isCategory(category) && hasDimension(category, dimension)))
    refuse(`${dimension} limits none of ${categories.join(', ')}.`);
}

function refuse(message: string): never {
  throw new Refusal('BAD_USER_INPUT', { message });
}
