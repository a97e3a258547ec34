import { Refusal } from '../../../gateway/errors.js';
import { adminArea, ranksAbove } from '../../../gateway/policy/administration.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Grant, Tier } from '../../../gateway/policy/grant.js';
import type { Tenant } from '../entities.js';

/**
 * Who sets a scope administers its tenant and the area that it covers. Row-level security holds the same; this says
 * which of it is missing, and who could.
 *
 * @throws Refusal FOUR_EYES, ROW_OUT_OF_REACH
 */
export function mustAdminister({ caller, reach }: Grant, tenant: Tenant, area: string): void {
  if (tenant.id === caller.tenant) {
    throw new Refusal('FOUR_EYES', {
      rule: 'scope/not-own',
      message: 'Nobody sets, changes or ends its own scopes.',
    });
  }
  const prefixes = reach['scopes:write']?.areas ?? [];
  const isInReach = (code: string): boolean => prefixes.some((prefix) => areaPrefix(code).startsWith(prefix));
  const tier = tenant.tier as Tier;
  const problem = !ranksAbove(caller, tier)
    ? (['scope/rank', `A ${caller.tier} platform sets no scopes of ${tier} tenants.`] as const)
    : !isInReach(tenant.area)
      ? (['scope/tenant-area', `${tenant.id} lies in ${tenant.area}, where you set no scopes.`] as const)
      : !isInReach(area)
        ? (['scope/area', `${area} is not wholly where you set scopes.`] as const)
        : undefined;
  if (!problem) return;
  const [rule, message] = problem;
  const seat = adminArea({ tier, area: tenant.area }, area);
  const remedy = seat
    ? `An admin of ${seat} can set it, with scopes:write over ${seat}.`
    : 'The operator at the machine can set it (hub scope add --console).';
  throw new Refusal('ROW_OUT_OF_REACH', { rule, message, remedy });
}
