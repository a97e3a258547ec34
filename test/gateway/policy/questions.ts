import fc from 'fast-check';
import { actionsOf, CATEGORIES, type Permission } from '../../../gateway/policy/categories.js';
import { TIERS } from '../../../gateway/policy/grant.js';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { PURPOSES, type Purpose } from '../../../gateway/policy/purposes.js';
import type { ConsentFact, DeclarationFact, Question, ScopeFact } from '../../../gateway/policy/question.js';

export const KINDS = ['01', '03'];
export const TYPES = ['A', 'B'];
export const AREAS = ['100000', '310000', '310100', '310101', '310104', '320000', '320500', '320505'];
export const SUBJECTS = ['AAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCCCC'];
const SUBJECT_DATA = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'quality',
  'audits',
  'reviews',
  'inspections',
];

export interface Row {
  area: string;
  subject: string;
  kind: string;
  type: string | null;
  level: number;
}

/** Whether one area lies in another, said without prefixes. */
function liesIn(inner: string, outer: string): boolean {
  if (outer === '100000') return true;
  if (outer.endsWith('0000')) return inner.slice(0, 2) === outer.slice(0, 2) && inner !== '100000';
  if (outer.endsWith('00')) return inner.slice(0, 4) === outer.slice(0, 4);
  return inner === outer;
}

export const isAmong = <T>(list: T[] | null, one: T | null): boolean =>
  list === null || (one !== null && list.includes(one));

/** How fine the rules let one row be seen, once more, as a lawyer would read them to you; null is not at all. */
export function mayTouch(question: Question, row: Row): Granularity | null {
  const { caller, permission, purpose, now, declarations, scopes, consents } = question;
  const [category = '', action = ''] = permission.split(':');
  const isNow = (from: string, to: string | null) =>
    new Date(from) <= now && (to === null || now < new Date(to));
  const isDeclared = declarations.some(
    (declaration) => declaration.purpose === purpose && isNow(declaration.validFrom, declaration.validTo),
  );
  if (!isDeclared) return null;
  const scopesThatServe = scopes.filter((scope) => {
    if (scope.category !== category || scope.action !== action) return false;
    return scope.purposes.includes(purpose) && isNow(scope.validFrom, scope.validTo);
  });
  const isMetering = ['meters', 'readings', 'quality'].includes(category);
  const isWithin = (scope: ScopeFact): boolean => {
    if (category === 'supplies') return isAmong(scope.energyKinds, row.kind) && scope.buildingTypes === null;
    if (!isMetering) return scope.energyKinds === null && scope.buildingTypes === null;
    return isAmong(scope.energyKinds, row.kind) && isAmong(scope.buildingTypes, row.type);
  };
  const whole = (is: boolean): Granularity | null => (is ? 'AS_METERED' : null);
  if (permission === 'statistics:read' && caller.tier !== 'THIRD_PARTY') {
    return whole(scopesThatServe.some((scope) => liesIn(row.area, scope.area) && isWithin(scope)));
  }
  if (permission === 'supplies:write') {
    const isSupplier = caller.tier === 'ENTERPRISE' || caller.tier === 'THIRD_PARTY';
    return whole(
      isSupplier && scopesThatServe.some((scope) => liesIn(row.area, scope.area) && isWithin(scope)),
    );
  }
  if (caller.tier === 'ENTERPRISE') {
    const isOwn = caller.uscc !== null && row.subject === caller.uscc;
    return whole(isOwn && scopesThatServe.some(isWithin));
  }
  if (caller.tier !== 'THIRD_PARTY') {
    return whole(
      scopesThatServe.some(
        (scope) => liesIn(scope.area, caller.area) && liesIn(row.area, scope.area) && isWithin(scope),
      ),
    );
  }
  if (!SUBJECT_DATA.includes(category) || action !== 'read') return null;
  const usable = consents.filter((consent) => {
    if (consent.status !== 'GRANTED' || consent.subject !== row.subject || consent.purpose !== purpose)
      return false;
    if (!consent.categories.includes(category) || !isNow(consent.validFrom, consent.validTo)) return false;
    if (!isAmong(consent.energyKinds, row.kind) || !isAmong(consent.meterLevels, row.level)) return false;
    return scopesThatServe.some(
      (scope) => liesIn(consent.area, scope.area) && liesIn(row.area, scope.area) && isWithin(scope),
    );
  });
  if (category !== 'readings' && category !== 'quality') return whole(usable.length > 0);
  return FINEST_FIRST.find((finest) => usable.some((consent) => consent.finest === finest)) ?? null;
}

export const FINEST_FIRST: Granularity[] = ['AS_METERED', 'HOUR', 'DAY', 'MONTH'];
const HOUR = 3_600_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');
/** Few moments, so that borders are met: a scope that begins or ends right now. */
export const at = (hours: number): string => new Date(NOON + hours * HOUR).toISOString();
export const moment = fc.integer({ min: -2, max: 2 }).map(at);
const few = <T>(items: readonly T[]) => fc.constantFrom(...items.slice(0, 2));
const categories = Object.keys(CATEGORIES);
const purposes = Object.keys(PURPOSES) as Purpose[];
const chosen = fc.constantFrom(
  ...(['readings', 'readings', 'readings', 'meters', 'supplies', 'batches'] as const),
);
const actions = fc.constantFrom(...actionsOf('buildings'));

export const scope: fc.Arbitrary<ScopeFact> = fc.record({
  id: fc.uuid(),
  category: fc.oneof({ weight: 9, arbitrary: chosen }, fc.constantFrom(...categories)),
  action: actions,
  area: fc.constantFrom(...AREAS),
  energyKinds: fc.option(fc.subarray(KINDS, { minLength: 1 }), { freq: 1 }),
  buildingTypes: fc.option(fc.subarray(TYPES, { minLength: 1 }), { freq: 1 }),
  purposes: fc.uniqueArray(few(purposes), { minLength: 1 }),
  validFrom: moment,
  validTo: fc.option(moment),
});
export const declaration: fc.Arbitrary<DeclarationFact> = fc.record({
  id: fc.uuid(),
  purpose: few(purposes),
  validFrom: moment,
  validTo: fc.option(moment),
});
const DECLARED: DeclarationFact[] = purposes
  .slice(0, 2)
  .map((purpose) => ({ id: purpose, purpose, validFrom: '2026-01-01T00:00:00Z', validTo: null }));
export const consent: fc.Arbitrary<ConsentFact> = fc.record({
  id: fc.uuid(),
  subject: fc.constantFrom(...SUBJECTS),
  area: fc.constantFrom(...AREAS),
  categories: fc.uniqueArray(chosen, { minLength: 2 }),
  energyKinds: fc.option(fc.subarray(KINDS, { minLength: 1 }), { freq: 1 }),
  meterLevels: fc.option(fc.subarray([1, 2, 3], { minLength: 1 }), { freq: 1 }),
  finest: fc.constantFrom(...FINEST_FIRST),
  purpose: few(purposes),
  validFrom: fc.oneof({ weight: 3, arbitrary: fc.constant(at(-2)) }, moment),
  validTo: fc.oneof({ weight: 3, arbitrary: fc.constant(at(2)) }, moment),
  status: fc.constantFrom('GRANTED', 'GRANTED', 'REVOKED'),
});
export const question: fc.Arbitrary<Question> = fc.record({
  caller: fc.record({
    tier: fc.constantFrom(...TIERS, 'THIRD_PARTY' as const, 'THIRD_PARTY' as const),
    area: fc.constantFrom(...AREAS),
    uscc: fc.option(fc.constantFrom(...SUBJECTS)),
  }),
  // Mostly there, or little else would ever be met.
  declarations: fc.oneof(
    { weight: 3, arbitrary: fc.constant(DECLARED) },
    { weight: 1, arbitrary: fc.array(declaration, { maxLength: 4 }) },
  ),
  scopes: fc.array(scope, { maxLength: 8 }),
  consents: fc.array(consent, { maxLength: 8 }),
  permission: fc.tuple(chosen, actions).map((parts) => parts.join(':') as Permission),
  purpose: few(purposes),
  now: moment.map((text) => new Date(text)),
});
export const ROWS: Row[] = AREAS.flatMap((area, place) =>
  SUBJECTS.flatMap((subject) =>
    [...TYPES, null].map((type) => ({
      area,
      subject,
      type,
      kind: KINDS[place % 2]!,
      level: 1 + (place % 3),
    })),
  ),
);
