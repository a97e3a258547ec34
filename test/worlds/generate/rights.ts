import type { Action, ConsentRow, DeclarationFact, EnterpriseRow, ScopeRow, TenantFact } from '../model.js';
import { OFFICES, OWN_CATEGORIES, SUBJECT_CATEGORIES } from './categories.js';
import { OVER, type Setting, TO_COME } from './setting.js';

const NOT_OPEN = ['REQUESTED', 'REFUSED', 'REVOKED', 'TERMINATED', 'EXPIRED', 'FULFILLED'] as const;
const KINDS = ['01', '02', '03'];
const TYPES = ['A', 'B', 'Z'];
/** Who reads all of these is told why another tenant may do something. */
const DECIDING = ['tenants', 'purposes', 'scopes', 'consents'];

export function tenantOf(setting: Setting, index: number, enterprises: EnterpriseRow[]): TenantFact {
  const tier = setting.pick([
    'NATIONAL',
    'MUNICIPAL',
    'DISTRICT',
    'ENTERPRISE',
    'THIRD_PARTY',
    'THIRD_PARTY',
  ] as const);
  const { nation, provinces, cities, districts } = setting.areas;
  const enterprise = setting.pick(enterprises);
  const area = {
    NATIONAL: nation,
    MUNICIPAL: setting.pick([...provinces, ...cities]),
    DISTRICT: setting.pick(districts),
    ENTERPRISE: enterprise.area,
    THIRD_PARTY: setting.pick(districts),
  }[tier];
  // A code alone opens nothing but to an enterprise.
  const uscc = tier === 'ENTERPRISE' || setting.chance(0.2) ? enterprise.uscc : null;
  return { id: setting.id('t', index), tier, area, uscc };
}

export function scopesOf(setting: Setting, tenant: TenantFact): ScopeRow[] {
  const isThirdParty = tenant.tier === 'THIRD_PARTY';
  const bundles = setting.times(2, 4, () => ({
    action: setting.chance(isThirdParty ? 0.1 : 0.4) ? ('write' as Action) : 'read',
    categories: [
      ...setting.some(SUBJECT_CATEGORIES, setting.chance(0.6) ? 8 : 2, 8),
      ...(setting.chance(0.7) ? ['packages'] : []),
      ...setting.some(OWN_CATEGORIES, 0, 3),
      ...(setting.chance(0.3) ? DECIDING : []),
    ],
    area: isThirdParty && setting.chance(0.6) ? setting.pick(wideAreas(setting)) : scopeArea(setting, tenant),
    purposes: setting.some(setting.purposes, setting.chance(0.6) ? 2 : 1, 3),
    valid: setting.period(),
    energyKinds: setting.chance(0.25) ? setting.some(KINDS, 1, 2) : null,
    buildingTypes: setting.chance(0.2) ? setting.some(TYPES, 1, 2) : null,
  }));
  const rows = bundles.flatMap(({ categories, ...bundle }) => [
    ...categories.flatMap((category) => scopesFor(setting, category, bundle)),
    ...setting.some(OFFICES, 0, 1).map(([category, action]) => ({ ...bundle, category, action })),
  ]);
  return rows.map((row, index) => ({
    ...row,
    id: `${tenant.id}-s${index}`,
    tenant: tenant.id,
    energyKinds: ['meters', 'readings', 'quality', 'supplies'].includes(row.category)
      ? row.energyKinds
      : null,
    buildingTypes: ['buildings', 'meters', 'readings', 'quality', 'audits'].includes(row.category)
      ? row.buildingTypes
      : null,
  }));
}

type Bundle = Omit<ScopeRow, 'id' | 'tenant' | 'category'>;

/** Statistics are read wherever they lie, and often published; of buildings some see less than what is metered in them. */
function scopesFor(setting: Setting, category: string, bundle: Bundle): (Bundle & { category: string })[] {
  const its = { ...bundle, category };
  if (category === 'statistics') {
    const { nation, provinces, cities } = setting.areas;
    const read = { ...its, action: 'read' as const, area: setting.pick([nation, ...provinces, ...cities]) };
    return setting.chance(0.5) ? [read, { ...its, action: 'approve' }] : [read];
  }
  if (category === 'buildings' && setting.chance(0.2))
    return [{ ...its, buildingTypes: setting.some(TYPES, 1, 2) }];
  return [its];
}

function wideAreas(setting: Setting): string[] {
  return [setting.areas.nation, setting.areas.provinces[0]!, setting.areas.cities[0]!];
}

function scopeArea(setting: Setting, { area }: TenantFact): string {
  if (setting.chance(0.65)) return area;
  const { nation, provinces, cities, districts } = setting.areas;
  return setting.pick([nation, ...provinces, ...cities, ...districts]);
}

export function declarationsOf(setting: Setting, tenant: TenantFact, scopes: ScopeRow[]): DeclarationFact[] {
  const named = new Set(
    scopes.filter(({ tenant: of }) => of === tenant.id).flatMap(({ purposes }) => purposes),
  );
  return [...named].map((purpose, index) => ({
    id: `${tenant.id}-d${index}`,
    tenant: tenant.id,
    purpose,
    status: setting.chance(0.85) ? 'APPROVED' : setting.pick(['DECLARED', 'REFUSED', 'ENDED'] as const),
    valid: setting.chance(0.85) ? { from: -30, to: null } : setting.pick([OVER, TO_COME]),
  }));
}

export function consentsOf(
  setting: Setting,
  tenants: TenantFact[],
  enterprises: EnterpriseRow[],
  scopes: ScopeRow[],
): ConsentRow[] {
  const thirdParties = tenants.filter(({ tier }) => tier === 'THIRD_PARTY');
  const consents = setting.times(4, 9, (index): ConsentRow => {
    const subject = setting.pick(enterprises);
    const recipients = setting.chance(0.9) && thirdParties.length > 0 ? thirdParties : tenants;
    const recipient = setting.pick(recipients).id;
    const { from, to } = setting.period();
    return {
      id: setting.id('c', index),
      subject: subject.uscc,
      area: setting.chance(0.85) ? subject.area : setting.pick(setting.areas.districts),
      recipient,
      categories: setting.some(SUBJECT_CATEGORIES, setting.chance(0.6) ? 8 : 1, 8),
      purpose: setting.pick(setting.chance(0.85) ? purposesOf(recipient, scopes) : setting.purposes),
      valid: { from, to: to ?? 365 },
      status: setting.chance(0.75) ? 'GRANTED' : setting.pick(NOT_OPEN),
      energyKinds: setting.chance(0.25) ? setting.some(KINDS, 1, 2) : null,
      meterLevels: setting.chance(0.25) ? setting.some([1, 2, 3], 1, 2) : null,
      finest: setting.pick(['AS_METERED', 'HOUR', 'DAY', 'MONTH', 'MONTH'] as const),
    };
  });
  // A subject is asked one thing at a time.
  const asked = ({ recipient, subject, purpose }: ConsentRow): string =>
    [recipient, subject, purpose].join(' ');
  return consents.map((consent, index) =>
    consents.findIndex((one) => one.status === 'REQUESTED' && asked(one) === asked(consent)) < index &&
    consent.status === 'REQUESTED'
      ? { ...consent, status: 'REFUSED' }
      : consent,
  );
}

/** As often as they are named, so that the likeliest is the one that most scopes serve. */
export function purposesOf(tenant: string, scopes: ScopeRow[]): string[] {
  return scopes.filter((scope) => scope.tenant === tenant).flatMap(({ purposes }) => purposes);
}
