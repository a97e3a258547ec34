import { Refusal } from '../../../gateway/errors.js';
import { isDuty, isPermission, type Category } from '../../../gateway/policy/categories.js';
import { isBuildingType, isEnergyKind } from '../../../gateway/policy/kinds.js';
import { hasDimension } from '../../../gateway/policy/limits.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';
import { mustBeArea } from '../../runtime/areas.js';
import type { ScopeInput } from './inputs.js';

/**
 * What a scope says is all in closed lists, and limits only what the rows of its category have.
 *
 * @throws Refusal BAD_USER_INPUT, PURPOSE_UNKNOWN
 */
export function mustBeScope(input: ScopeInput): void {
  const { category, action, area, purposes, validFrom, validTo } = input;
  if (!isPermission(`${category}:${action}`)) {
    throw new Refusal('BAD_USER_INPUT', { message: `${category}:${action} is no category and action.` });
  }
  if (isDuty(category as Category)) {
    throw new Refusal('BAD_USER_INPUT', {
      rule: 'scope/duty',
      message: `${category} is what every tenant owes: there are no scopes for it.`,
      remedy: 'Leave it out. Notices of others are seen by a scope for consents:read.',
    });
  }
  mustBeArea(area);
  const unknown = purposes.find((purpose) => !isPurpose(purpose));
  if (unknown !== undefined)
    throw new Refusal('PURPOSE_UNKNOWN', { message: `${unknown} is not in the closed list of purposes.` });
  if (purposes.length === 0)
    throw new Refusal('BAD_USER_INPUT', { message: 'A scope serves one purpose or more.' });
  mustBeLimits(category as Category, input);
  const begins = validFrom ? Date.parse(validFrom) : Date.now();
  if (validTo && Date.parse(validTo) <= begins)
    throw new Refusal('BAD_USER_INPUT', { message: 'The scope would end before it begins.' });
}

function mustBeLimits(category: Category, { energyKinds, buildingTypes }: ScopeInput): void {
  const limits = [
    ['energyKinds', energyKinds, isEnergyKind, 'energy kind'],
    ['buildingTypes', buildingTypes, isBuildingType, 'building type'],
  ] as const;
  for (const [dimension, values, isListed, name] of limits) {
    if (values === null || values === undefined) continue;
    if (!hasDimension(category, dimension)) {
      throw new Refusal('BAD_USER_INPUT', {
        rule: 'scope/dimension',
        message: `${category} has no ${name}, so a scope for it cannot be limited by one.`,
      });
    }
    if (values.length === 0)
      throw new Refusal('BAD_USER_INPUT', {
        message: `A limit names one ${name} or more; leave it out for all.`,
      });
    const unknown = values.find((value) => !isListed(value));
    if (unknown !== undefined)
      throw new Refusal('BAD_USER_INPUT', { message: `${unknown} is no ${name} of the closed list.` });
  }
}
