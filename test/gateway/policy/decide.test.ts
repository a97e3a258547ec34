import fc from 'fast-check';
import { decide } from '../../../gateway/policy/decide.js';
import type { Reach } from '../../../gateway/policy/grant.js';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { FINEST_FIRST, isAmong, mayTouch, question, type Row, ROWS } from './questions.js';

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
  const count = { allowed: 0, refused: 0, rows: 0, coarse: 0, monthly: 0 };
  fc.assert(
    fc.property(question, (asked) => {
      const decision = decide(asked);
      const reach = decision.allowed ? decision.reach : undefined;
      const found = ROWS.map((row) => seen(reach, row));
      expect(found).toEqual(ROWS.map((row) => mayTouch(asked, row)));
      count[decision.allowed ? 'allowed' : 'refused'] += 1;
      count.rows += found.filter((finest) => finest !== null).length;
      count.coarse += found.filter((finest) => finest === 'HOUR' || finest === 'DAY').length;
      count.monthly += found.filter((finest) => finest === 'MONTH').length;
    }),
    { numRuns: 10_000 },
  );
  // The property says nothing if chance never allows anything; some 25 of these cases reach rows by the month.
  expect(Math.min(...Object.values(count))).toBeGreaterThan(0);
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
