import type { Action, ConsentRow, PolicyWorld, ScopeRow, TenantFact } from './model.js';
import { liesIn, type Row } from './places.js';
import { approvedPurposes, isNow } from './purposes.js';

export * from './places.js';

/**
 * Who may touch which rows, read out of the rules one by one, with nothing of the hub's own code: scopes, consents and
 * rows are gone through one at a time. Whoever wants to know what the policy is can read it here; oracle.ts says what
 * each door has to answer by it, and the tests see to it that the hub does.
 */

// ── Limits of scopes and consents ───────────────────────────────────────────────────────────────────────────────────

/** Levels limit meters, readings and their quality, energy kinds supplies too; building types limit these, buildings and audits. */
const OF_METERS = ['meters', 'readings', 'quality'];
const HAS_KINDS = [...OF_METERS, 'supplies'];
const HAS_TYPES = [...OF_METERS, 'buildings', 'audits'];
/** What tells of days: who may be told months alone sees none of it. */
export const OF_DAYS = ['readings', 'quality'];

function isLimited({ category, energyKinds, buildingTypes }: ScopeRow): boolean {
  return Boolean(
    (energyKinds && HAS_KINDS.includes(category)) || (buildingTypes && HAS_TYPES.includes(category)),
  );
}

function meetsScope(scope: ScopeRow, row: Row): boolean {
  if (scope.energyKinds && HAS_KINDS.includes(scope.category)) {
    if (row.energyKind === null || !scope.energyKinds.includes(row.energyKind)) return false;
  }
  if (scope.buildingTypes && HAS_TYPES.includes(scope.category)) {
    if (row.buildingType === null || !scope.buildingTypes.includes(row.buildingType)) return false;
  }
  return true;
}

function meetsConsent(consent: ConsentRow, category: string, row: Row): boolean {
  if (!HAS_KINDS.includes(category)) return true;
  if (consent.energyKinds && !consent.energyKinds.includes(row.energyKind!)) return false;
  if (consent.meterLevels && !consent.meterLevels.includes(row.meterLevel!)) return false;
  return true;
}

/** A scope for electricity and a consent to water open nothing together. */
function excludeEachOther(scope: ScopeRow, consent: ConsentRow): boolean {
  if (!HAS_KINDS.includes(scope.category) || !scope.energyKinds || !consent.energyKinds) return false;
  return !scope.energyKinds.some((kind) => consent.energyKinds!.includes(kind));
}

// ── The ruling on one category and action ───────────────────────────────────────────────────────────────────────────

export type Granularity = 'AS_METERED' | 'HOUR' | 'DAY' | 'MONTH';

/** Refused with a code and a rule; or how finely each row may be read, `null` being: not at all. */
export type Ruling =
  | { refused: string; rule?: undefined }
  | {
      refused: null;
      rule: string;
      /** `now` is what a row of before belongs to, as it is registered now: limits are asked of that, and it has to be in reach too. */
      mayTouch: (row: Row, now?: Row) => Granularity | null;
    };

const ABOUT_SUBJECTS = [...HAS_TYPES, 'enterprises', 'reviews', 'inspections'];

export function ruling(
  world: PolicyWorld,
  tenant: TenantFact,
  purpose: string,
  category: string,
  action: Action,
): Ruling {
  // What is owed to the law nobody has to be allowed.
  if (category === 'erasures') return { refused: null, rule: 'erasures/own', mayTouch: () => null };
  if (!approvedPurposes(world, tenant).includes(purpose))
    return { refused: 'PURPOSE_NOT_DECLARED purpose/declared' };
  const named = world.scopes.filter(
    (scope) =>
      scope.tenant === tenant.id &&
      scope.category === category &&
      scope.action === action &&
      isNow(scope.valid),
  );
  if (named.length === 0) return { refused: 'SCOPE_MISSING scope/named' };
  const serving = named.filter((scope) => scope.purposes.includes(purpose));
  if (serving.length === 0) return { refused: 'PURPOSE_NOT_ALLOWED scope/purpose' };
  if (`${category}:${action}` === 'statistics:read' && tenant.tier !== 'THIRD_PARTY')
    return publishedRuling(serving);
  if (category === 'supplies' && action !== 'read') {
    const isSupplier = tenant.tier === 'ENTERPRISE' || tenant.tier === 'THIRD_PARTY';
    if (action === 'write')
      return isSupplier ? supplierRuling(serving) : { refused: 'SCOPE_MISSING supplies/supplier' };
    if (tenant.tier === 'THIRD_PARTY') return { refused: 'SCOPE_MISSING supplies/supplier' };
  }
  if (tenant.tier === 'ENTERPRISE') return enterpriseRuling(tenant, serving);
  if (tenant.tier === 'THIRD_PARTY') return thirdPartyRuling(world, tenant, purpose, serving);
  return platformRuling(tenant, serving);
}

/** Published statistics tell of nobody: platforms and enterprises read those of the areas in their scopes, wherever. */
function publishedRuling(serving: ScopeRow[]): Ruling {
  return {
    refused: null,
    rule: 'statistics/published',
    mayTouch: (row) => (serving.some((scope) => liesIn(row.area, scope.area)) ? 'AS_METERED' : null),
  };
}

/** A supplier reports what it supplied, wherever its scopes name, whomever it is about. */
function supplierRuling(serving: ScopeRow[]): Ruling {
  return {
    refused: null,
    rule: 'supplies/supplier',
    mayTouch: (row) =>
      serving.some((scope) => liesIn(row.area, scope.area) && meetsScope(scope, row)) ? 'AS_METERED' : null,
  };
}

/** A platform works in its own area, as its scopes say. */
function platformRuling(tenant: TenantFact, serving: ScopeRow[]): Ruling {
  const within = serving.filter((scope) => liesIn(scope.area, tenant.area));
  if (within.length === 0) return { refused: 'AREA_OUT_OF_REACH platform/area' };
  return {
    refused: null,
    rule: 'platform/area',
    mayTouch(row, now = row.registered ?? row) {
      for (const scope of within) {
        if (!liesIn(row.area, scope.area)) continue;
        if (!isLimited(scope) || (liesIn(now.area, scope.area) && meetsScope(scope, now)))
          return 'AS_METERED';
      }
      return null;
    },
  };
}

/** An enterprise works with what is about itself, wherever it lies. */
function enterpriseRuling(tenant: TenantFact, serving: ScopeRow[]): Ruling {
  return {
    refused: null,
    rule: 'enterprise/own',
    mayTouch(row, now = row.registered ?? row) {
      if (row.subject !== tenant.uscc) return null;
      for (const scope of serving)
        if (!isLimited(scope) || (now.subject === tenant.uscc && meetsScope(scope, now))) return 'AS_METERED';
      return null;
    },
  };
}

/** A third party reads what a subject consented to, inside its scopes, and as coarsely as the consent says. */
function thirdPartyRuling(
  world: PolicyWorld,
  tenant: TenantFact,
  purpose: string,
  serving: ScopeRow[],
): Ruling {
  const { category, action } = serving[0]!;
  if (!ABOUT_SUBJECTS.includes(category)) return { refused: null, rule: 'records/own', mayTouch: () => null };
  if (action === 'write') return { refused: 'SCOPE_MISSING third-party/consent' };
  const pairs: { scope: ScopeRow; consent: ConsentRow }[] = [];
  for (const scope of serving) {
    for (const consent of world.consents) {
      if (consent.recipient !== tenant.id) continue;
      if (consent.status !== 'GRANTED' || !isNow(consent.valid)) continue;
      if (consent.purpose !== purpose || !consent.categories.includes(category)) continue;
      if (!liesIn(consent.area, scope.area)) continue;
      if (excludeEachOther(scope, consent)) continue;
      pairs.push({ scope, consent });
    }
  }
  if (pairs.length === 0) return { refused: 'CONSENT_REQUIRED third-party/consent' };
  return {
    refused: null,
    rule: 'third-party/consent',
    mayTouch(row, now = row.registered ?? row) {
      const matching = pairs.filter(
        ({ scope, consent }) =>
          [row, now].every(({ subject, area }) => subject === consent.subject && liesIn(area, scope.area)) &&
          meetsScope(scope, now) &&
          meetsConsent(consent, category, now),
      );
      if (matching.length === 0) return null;
      if (matching.some(({ consent }) => consent.finest === 'AS_METERED')) return 'AS_METERED';
      if (matching.some(({ consent }) => consent.finest === 'HOUR')) return 'HOUR';
      if (matching.some(({ consent }) => consent.finest === 'DAY')) return 'DAY';
      return 'MONTH';
    },
  };
}
