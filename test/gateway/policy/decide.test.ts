import fc from 'fast-check';
import { actionsOf, CATEGORIES, type Permission } from '../../../gateway/policy/categories.js';
import { decide } from '../../../gateway/policy/decide.js';
import { TIERS } from '../../../gateway/policy/grant.js';
import { PURPOSES, type Purpose } from '../../../gateway/policy/purposes.js';
import type { ConsentFact, Question, ScopeFact } from '../../../gateway/policy/question.js';

const AREAS = ['100000', '310000', '310100', '310101', '310104', '320000', '320500', '320505'];
const SUBJECTS = ['AAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCCCC'];
const SUBJECT_DATA = ['enterprises', 'buildings', 'meters', 'readings', 'audits', 'reviews', 'inspections'];

interface Row {
  area: string;
  subject: string;
}

/** Whether one area lies in another, said without prefixes. */
function liesIn(inner: string, outer: string): boolean {
  if (outer === '100000') return true;
  if (outer.endsWith('0000')) return inner.slice(0, 2) === outer.slice(0, 2) && inner !== '100000';
  if (outer.endsWith('00')) return inner.slice(0, 4) === outer.slice(0, 4);
  return inner === outer;
}

/** The rules once more, as a lawyer would read them to you about one row. */
function mayTouch(question: Question, row: Row): boolean {
  const { caller, permission, purpose, now, scopes, consents } = question;
  const [category = '', action = ''] = permission.split(':');
  const isNow = (from: string, to: string | null) =>
    new Date(from) <= now && (to === null || now < new Date(to));
  const scopesThatServe = scopes.filter((scope) => {
    if (scope.category !== category || scope.action !== action) return false;
    return scope.purposes.includes(purpose) && isNow(scope.validFrom, scope.validTo);
  });
  if (scopesThatServe.length === 0) return false;
  if (caller.tier === 'ENTERPRISE') return caller.uscc !== null && row.subject === caller.uscc;
  if (caller.tier !== 'THIRD_PARTY') {
    return scopesThatServe.some((scope) => liesIn(scope.area, caller.area) && liesIn(row.area, scope.area));
  }
  if (!SUBJECT_DATA.includes(category) || action !== 'read') return false;
  return consents.some((consent) => {
    if (consent.status !== 'GRANTED' || consent.subject !== row.subject || consent.purpose !== purpose)
      return false;
    if (!consent.categories.includes(category) || !isNow(consent.validFrom, consent.validTo)) return false;
    return scopesThatServe.some((scope) => liesIn(consent.area, scope.area));
  });
}

const HOUR = 3_600_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');
/** Few moments, so that borders are met: a scope that begins or ends right now. */
const moment = fc.integer({ min: -2, max: 2 }).map((hours) => new Date(NOON + hours * HOUR).toISOString());
const few = <T>(items: readonly T[]) => fc.constantFrom(...items.slice(0, 2));
const categories = Object.keys(CATEGORIES);
const purposes = Object.keys(PURPOSES) as Purpose[];
const chosen = fc.constantFrom('buildings' as const, 'batches' as const);
const actions = fc.constantFrom(...actionsOf('buildings'));

const scope: fc.Arbitrary<ScopeFact> = fc.record({
  id: fc.uuid(),
  category: fc.oneof({ weight: 9, arbitrary: chosen }, fc.constantFrom(...categories)),
  action: actions,
  area: fc.constantFrom(...AREAS),
  purposes: fc.uniqueArray(few(purposes), { minLength: 1 }),
  validFrom: moment,
  validTo: fc.option(moment),
});
const consent: fc.Arbitrary<ConsentFact> = fc.record({
  id: fc.uuid(),
  subject: fc.constantFrom(...SUBJECTS),
  area: fc.constantFrom(...AREAS),
  categories: fc.uniqueArray(chosen, { minLength: 1 }),
  purpose: few(purposes),
  validFrom: moment,
  validTo: moment,
  status: fc.constantFrom('GRANTED', 'GRANTED', 'REVOKED'),
});
const question: fc.Arbitrary<Question> = fc.record({
  caller: fc.record({
    tier: fc.constantFrom(...TIERS),
    area: fc.constantFrom(...AREAS),
    uscc: fc.option(fc.constantFrom(...SUBJECTS)),
  }),
  scopes: fc.array(scope, { maxLength: 8 }),
  consents: fc.array(consent, { maxLength: 8 }),
  permission: fc.tuple(chosen, actions).map((parts) => parts.join(':') as Permission),
  purpose: few(purposes),
  now: moment.map((text) => new Date(text)),
});
const ROWS: Row[] = AREAS.flatMap((area) => SUBJECTS.map((subject) => ({ area, subject })));

test('the rows that a decision reaches are those that the rules, read out one by one, permit', () => {
  const seen = { allowed: 0, refused: 0, rows: 0 };
  fc.assert(
    fc.property(question, (asked) => {
      const decision = decide(asked);
      const { areas, subjects } = decision.allowed ? decision.reach : { areas: [], subjects: [] };
      const reached = ROWS.filter(
        (row) => areas.some((prefix) => row.area.startsWith(prefix)) || subjects.includes(row.subject),
      );
      expect(reached).toEqual(ROWS.filter((row) => mayTouch(asked, row)));
      seen[decision.allowed ? 'allowed' : 'refused'] += 1;
      seen.rows += reached.length;
    }),
    { numRuns: 3_000 },
  );
  // The property says nothing if chance never allows anything.
  expect(Math.min(seen.allowed, seen.refused, seen.rows)).toBeGreaterThan(100);
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
      if (isNamed.length === 0)
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
      const turned = { ...asked, scopes: asked.scopes.toReversed(), consents: asked.consents.toReversed() };
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
