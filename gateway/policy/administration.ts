import { areaContains } from './areas.js';
import type { Tier } from './grant.js';

/** Who works at the machine itself, with the files of the hub in hand; no tenant may bear this name. */
export const CONSOLE = 'console';

/**
 * Whose tenants and scopes a platform administers: those below it. A city does not touch the nation's scopes, a district
 * only those of the third parties in its area, and nobody its own. Enterprises are admitted by the competent authorities
 * of the province and above (seed 003), so it is the city that administers them.
 */
export const TIERS_BELOW: Record<Tier, readonly Tier[]> = {
  NATIONAL: ['MUNICIPAL', 'DISTRICT', 'ENTERPRISE', 'THIRD_PARTY'],
  MUNICIPAL: ['DISTRICT', 'ENTERPRISE', 'THIRD_PARTY'],
  DISTRICT: ['THIRD_PARTY'],
  ENTERPRISE: [],
  THIRD_PARTY: [],
};

export function ranksAbove(admin: { tenant: string; tier: Tier }, tier: Tier): boolean {
  return admin.tenant === CONSOLE || TIERS_BELOW[admin.tier].includes(tier);
}

const NATION = '100000';
/** Municipalities of the first level (直辖市): their districts lie right below them, without a city in between. */
const WITHOUT_CITIES = ['11', '12', '31', '50'];

/** The areas in which an area lies, itself first, the nation last. */
function outwards(area: string): string[] {
  const province = `${area.slice(0, 2)}0000`;
  const city = WITHOUT_CITIES.includes(area.slice(0, 2)) ? province : `${area.slice(0, 4)}00`;
  return area === NATION ? [NATION] : [...new Set([area, city, province, NATION])];
}

/** The smallest area of a platform that holds both. */
export function areaAround(one: string, other: string): string {
  return outwards(one).find((area) => areaContains(area, other)) ?? NATION;
}

/**
 * Of which area a platform must be to administer a tenant and set it a scope over an area; null where only the machine
 * itself can.
 */
export function adminArea(tenant: { tier: Tier; area: string }, scopeArea: string): string | null {
  if (tenant.tier === 'NATIONAL') return null;
  if (tenant.tier === 'MUNICIPAL') return NATION;
  // A district administers no districts and no enterprises: whoever does is of a city or wider.
  const isSeat = (area: string): boolean => tenant.tier === 'THIRD_PARTY' || area.endsWith('00');
  const holds = (area: string): boolean => areaContains(area, scopeArea);
  return outwards(tenant.area).filter(isSeat).find(holds) ?? NATION;
}
