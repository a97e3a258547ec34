import { TIERS, type Tier } from '../../gateway/policy/grant.js';
import { setUpPurposes } from '../../scripts/console/purposes.js';
import { atConsole } from '../../scripts/console/session.js';
import { USCC_A } from '../world/parties.js';
import type { World } from '../world/world.js';

/** A platform of each tier that may set scopes in its area, and a tenant of each tier in 310101 to set them for. */
export const ADMINS: Record<Tier, string> = {
  NATIONAL: 'national',
  MUNICIPAL: 'municipal',
  DISTRICT: 'district-310101',
  ENTERPRISE: 'enterprise-a',
  THIRD_PARTY: 'service-co',
};
export const PURPOSE = {
  national: 'SUPERVISION',
  municipal: 'PLATFORM_OPERATION',
  'district-310101': 'DATA_REPORTING',
  'enterprise-a': 'OWN_MANAGEMENT',
  'service-co': 'ENERGY_SERVICE',
} as const;
export const targetOf = (tier: Tier): string => `t-${tier.toLowerCase().replace('_', '-')}`;

/** Gives each admin its scopes and registers whom it is to set scopes for. The gateway has yet to learn of it. */
export async function addAdmins(world: Pick<World, 'databases'>): Promise<void> {
  await atConsole('FORMAL', world.databases, async ({ tenants, purposes, scopes }) => {
    const place = { area: '310101', uscc: USCC_A };
    await tenants.registerTenants([
      ...TIERS.map((tier) => ({ id: targetOf(tier), name: 'T', tier, ...place })),
      { id: 'far-shop', name: 'Far', tier: 'THIRD_PARTY', area: '310104', uscc: USCC_A },
    ]);
    for (const id of [...TIERS.map(targetOf), 'far-shop'])
      await setUpPurposes(purposes, id, ['DATA_REPORTING']);
    for (const [admin, purpose] of Object.entries(PURPOSE)) {
      if (admin === 'municipal') continue;
      const area = admin === 'national' ? '100000' : '310101';
      const rights = [
        ['scopes', 'read'],
        ['scopes', 'write'],
        ['tenants', 'read'],
      ] as const;
      await scopes.addScopes(
        rights.map(([category, action]) => ({ tenant: admin, category, action, area, purposes: [purpose] })),
      );
    }
  });
}
