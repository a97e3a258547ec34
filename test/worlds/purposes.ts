import type { Period, PolicyWorld, TenantFact } from './model.js';

/** The purposes for which somebody may ask, and the one that a request is for. */
const PURPOSES = [
  'DATA_REPORTING',
  'SUPERVISION',
  'STATISTICS',
  'METERING_REVIEW',
  'INSPECTION',
  'OWN_MANAGEMENT',
  'ENERGY_SERVICE',
  'PLATFORM_OPERATION',
];

export function isNow({ from, to }: Period): boolean {
  return from <= 0 && (to === null || to > 0);
}

/** What the tenant declared and an operator approved, as long as that holds. */
export function approvedPurposes(world: PolicyWorld, tenant: TenantFact): string[] {
  const approved = new Set<string>();
  for (const declaration of world.declarations) {
    if (declaration.tenant !== tenant.id) continue;
    if (declaration.status === 'APPROVED' && isNow(declaration.valid)) approved.add(declaration.purpose);
  }
  return [...approved];
}

/**
 * The purpose that a request names, or the only one that its tenant has. A tenant without any may ask who it is; for
 * what it needs a purpose for, the ruling refuses it.
 */
export function purposeOf(
  world: PolicyWorld,
  tenant: TenantFact,
  header: string | null,
): { refused: string } | { refused: null; named: string } {
  const approved = approvedPurposes(world, tenant);
  if (header === null) {
    const [only = 'OWN_MANAGEMENT', ...others] = approved;
    if (others.length > 0) return { refused: 'PURPOSE_REQUIRED purpose/stated' };
    return { refused: null, named: only };
  }
  if (!PURPOSES.includes(header)) return { refused: 'PURPOSE_UNKNOWN purpose/listed' };
  if (!approved.includes(header)) return { refused: 'PURPOSE_NOT_DECLARED purpose/declared' };
  return { refused: null, named: header };
}
