import fc from 'fast-check';
import { actionsOf, CATEGORIES, type Permission } from '../../../gateway/policy/categories.js';
import { decide } from '../../../gateway/policy/decide.js';
import { type Reach, TIERS } from '../../../gateway/policy/grant.js';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { PURPOSES, type Purpose } from '../../../gateway/policy/purposes.js';
import type { ConsentFact, DeclarationFact, Question, ScopeFact } from '../../../gateway/policy/question.js';

const KINDS = ['01', '03'];
const TYPES = ['A', 'B'];
const AREAS = ['100000', '310000', '310100', '310101', '310104', '320000', '320500', '320505'];
const SUBJECTS = ['AAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCCCC'];
const SUBJECT_DATA = ['enterprises', 'buildings', 'meters', 'readings', 'audits', 'reviews', 'inspections'];

interface Row {
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

const isAmong = <T>(list: T[] | null, one: T | null): boolean =>
  list === null || (one !== null && list.includes(one));

/** How fine the rules let one row be seen, once more, as a lawyer would read them to you; null is not at all. */
function mayTouch(question: Question, row: Row): Granularity | null {
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
  const isMetering = category === 'meters' || category === 'readings';
  const isWithin = (scope: ScopeFact): boolean => {
    if (!isMetering) return scope.energyKinds === null && scope.buildingTypes === null;
    return isAmong(scope.energyKinds, row.kind) && isAmong(scope.buildingTypes, row.type);
  };
  const whole = (is: boolean): Granularity | null => (is ? 'AS_METERED' : null);
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
  if (category !== 'readings') return whole(usable.length > 0);
  return FINEST_FIRST.find((finest) => usable.some((consent) => consent.finest === finest)) ?? null;
}

const FINEST_FIRST: Granularity[] = ['AS_METERED', 'HOUR', 'DAY'];
const HOUR = 3_600_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');
/** Few moments, so that borders are met: a scope that begins or ends right now. */
const at = (hours: number): string => new Date(NOON + hours * HOUR).toISOString();
const moment = fc.integer({ min: -2, max: 2 }).map(at);
const few = <T>(items: readonly T[]) => fc.constantFrom(...items.slice(0, 2));
const categories = Object.keys(CATEGORIES);
const purposes = Object.keys(PURPOSES) as Purpose[];
const chosen = fc.constantFrom(...(['readings', 'readings', 'meters', 'batches'] as const));
const actions = fc.constantFrom(...actionsOf('buildings'));

const scope: fc.Arbitrary<ScopeFact> = fc.record({
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
const declaration: fc.Arbitrary<DeclarationFact> = fc.record({
  id: fc.uuid(),
  purpose: few(purposes),
  validFrom: moment,
  validTo: fc.option(moment),
});
const DECLARED: DeclarationFact[] = purposes
  .slice(0, 2)
  .map((purpose) => ({ id: purpose, purpose, validFrom: '2026-01-01T00:00:00Z', validTo: null }));
const consent: fc.Arbitrary<ConsentFact> = fc.record({
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
const question: fc.Arbitrary<Question> = fc.record({
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
const ROWS: Row[] = AREAS.flatMap((area, place) =>
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

/** What a reach comes to for one row, as the database reads it. */
function seen(reach: Reach | undefined, row: Row): Granularity | null {
  if (!reach) return null;
  if (reach.areas.some((prefix) => row.area.startsWith(prefix)) || reach.subjects.includes(row.subject))
    return 'AS_METERED';
  const covering = (reach.limited ?? []).filter(
    ({ area, subject, energyKinds, buildingTypes, meterLevels }) =>
      row.area.startsWith(area) &&
      isAmong(subject === null ? null : [subject], row.subject) &&
      isAmong(energyKinds, row.kind) &&
      isAmong(buildingTypes, row.type) &&
      isAmong(meterLevels, row.level),
  );
  return FINEST_FIRST.find((finest) => covering.some((reached) => reached.finest === finest)) ?? null;
}

test('the rows that a decision reaches are those that the rules, read out one by one, permit', () => {
  const count = { allowed: 0, refused: 0, rows: 0, coarse: 0 };
  fc.assert(
    fc.property(question, (asked) => {
      const decision = decide(asked);
      const reach = decision.allowed ? decision.reach : undefined;
      const found = ROWS.map((row) => seen(reach, row));
      expect(found).toEqual(ROWS.map((row) => mayTouch(asked, row)));
      count[decision.allowed ? 'allowed' : 'refused'] += 1;
      count.rows += found.filter((finest) => finest !== null).length;
      count.coarse += found.filter((finest) => finest === 'HOUR' || finest === 'DAY').length;
    }),
    { numRuns: 4_000 },
  );
  // The property says nothing if chance never allows anything.
  expect(Math.min(...Object.values(count))).toBeGreaterThan(10);
});

test('every refusal has the code of the first thing that was missing, a reason and a remedy', () => {
  fc.assert(
    fc.property(question, (asked) => {
      const decision = decide(asked);
      if (decision.allowed) return;
      const isNamed = asked.scopes.filter(
        ({ category, action, validFrom, validTo }) =>
          `${category}:${action}` === asked.permission &&
          new Date(validFrom) <= asked.now &&
          (validTo === null || asked.now < new Date(validTo)),
      );
      const serves = isNamed.some((entry) => entry.purposes.includes(asked.purpose));
      const isDeclared = asked.declarations.some(
        ({ purpose, validFrom, validTo }) =>
          purpose === asked.purpose &&
          new Date(validFrom) <= asked.now &&
          (validTo === null || asked.now < new Date(validTo)),
      );
      if (!isDeclared)
        expect(decision).toMatchObject({ code: 'PURPOSE_NOT_DECLARED', rule: 'purpose/declared' });
      else if (isNamed.length === 0)
        expect(decision).toMatchObject({ code: 'SCOPE_MISSING', rule: 'scope/named', scopes: [] });
      else if (!serves)
        expect(decision).toMatchObject({ code: 'PURPOSE_NOT_ALLOWED', rule: 'scope/purpose' });
      else expect(decision.code).toMatch(/^(AREA_OUT_OF_REACH|CONSENT_REQUIRED|SCOPE_MISSING)$/);
      expect([decision.reason, decision.remedy]).toEqual([
        expect.stringMatching(/\w/),
        expect.stringMatching(/\w/),
      ]);
    }),
    { numRuns: 1_000 },
  );
});

test('a decision depends on nothing but its question: order, repetition and other tenants’ time do not matter', () => {
  const sorted = (items: string[]) => [...items].sort();
  fc.assert(
    fc.property(question, (asked) => {
      const turned = {
        ...asked,
        declarations: asked.declarations.toReversed(),
        scopes: asked.scopes.toReversed(),
        consents: asked.consents.toReversed(),
      };
      const [one, other] = [decide(asked), decide(turned)];
      expect(other.allowed).toBe(one.allowed);
      if (one.allowed && other.allowed) {
        expect(sorted(other.reach.areas)).toEqual(sorted(one.reach.areas));
        expect(sorted(other.reach.subjects)).toEqual(sorted(one.reach.subjects));
        expect(sorted(other.scopes)).toEqual(sorted(one.scopes));
      }
    }),
    { numRuns: 500 },
  );
});
