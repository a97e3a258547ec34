import fc from 'fast-check';
import { changed, changesFor, type Pending } from '../../../gateway/policy/changes.js';
import { endsOf, keeping, untilOf } from '../../../gateway/policy/ends.js';
import { CERTIFICATE_STATES, TENANT_STATES } from '../../../gateway/policy/standing.js';
import { judge, type Case, type CertificateFact } from '../../../gateway/policy/verdict.js';
import {
  AREAS,
  at,
  consent,
  declaration,
  KINDS,
  mayTouch,
  moment,
  question,
  ROWS,
  scope,
  SUBJECTS,
  TYPES,
} from './questions.js';

const certificate: fc.Arbitrary<CertificateFact> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'SUSPENDED', 'REVOKED'),
  notBefore: fc.oneof({ weight: 3, arbitrary: fc.constant(at(-2)) }, moment),
  notAfter: fc.oneof({ weight: 3, arbitrary: fc.constant(at(2)) }, moment),
});
const GOOD: CertificateFact = { id: 'good', status: 'ACTIVE', notBefore: at(-9), notAfter: at(9) };
const mostly = <T>(usual: T, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, rare);
const NO_ROW = { area: null, subject: null, energyKind: null, buildingType: null, meterLevel: null };
const maybe = <T>(items: readonly T[]) => fc.option(fc.constantFrom(...items), { freq: 2 });

const aCase: fc.Arbitrary<Case> = fc
  .record({
    question,
    standing: mostly('ACTIVE' as const, fc.constantFrom(...TENANT_STATES)),
    certificates: mostly([GOOD], fc.array(certificate, { maxLength: 3 })),
    row: fc.record({
      area: maybe(AREAS),
      subject: maybe(SUBJECTS),
      energyKind: maybe(KINDS),
      buildingType: maybe(TYPES),
      meterLevel: maybe([1, 2, 3]),
    }),
  })
  .map(({ question: asked, ...rest }) => ({ ...asked, ...rest }));
/** Cases of which each is a yes where it can be one: chance alone would make few. */
const aYes = aCase.map((it) => changesFor(it, { declarations: [], consents: [] }).reduce(changed, it));
const pending: fc.Arbitrary<Pending> = fc.record({
  declarations: fc.array(declaration, { maxLength: 2 }),
  consents: fc.array(
    consent.map((one) => ({ ...one, status: 'REQUESTED' })),
    { maxLength: 2 },
  ),
});

test('asked about one whole row, the verdict is what the rules, read out one by one, say of it', () => {
  fc.assert(
    fc.property(aCase, fc.nat(), (it, place) => {
      const rows = ROWS.filter(({ type }) => type !== null);
      const { area, subject, kind, type, level } = rows[place % rows.length]!;
      const row = { area, subject, energyKind: kind, buildingType: type, meterLevel: level };
      const asked = { ...it, row, standing: 'ACTIVE' as const, certificates: [GOOD] };
      expect(judge(asked).allowed).toBe(mayTouch(it, { area, subject, kind, type, level }) !== null);
    }),
    { numRuns: 3_000 },
  );
});

test('without an active tenant and a good certificate nothing else matters', () => {
  for (const standing of TENANT_STATES) {
    for (const state of CERTIFICATE_STATES) {
      const isGood = standing === 'ACTIVE' && state === 'ACTIVE';
      const status = ['SUSPENDED', 'REVOKED'].includes(state) ? state : 'ACTIVE';
      const [notBefore, notAfter] =
        state === 'EXPIRED' ? [at(-9), at(-8)] : state === 'NOT_YET_VALID' ? [at(8), at(9)] : [at(-9), at(9)];
      const certificates = state === 'UNREGISTERED' ? [] : [{ id: 'c', status, notBefore, notAfter }];
      const [example] = fc.sample(aCase, { numRuns: 1, seed: 1 });
      const { rule } = judge({ ...example!, standing, certificates });
      expect([standing, state, rule.startsWith('identity/')]).toEqual([standing, state, !isGood]);
    }
  }
});

test('what is owed takes a good certificate and nothing else, and ends with it alone', () => {
  fc.assert(
    fc.property(aCase, (asked) => {
      const it = { ...asked, permission: 'erasures:write' as const, row: NO_ROW };
      const bare = { ...it, declarations: [], scopes: [], consents: [], standing: 'CLOSED' as const };
      for (const one of [it, bare, { ...bare, certificates: [GOOD] }]) {
        const isYes = judge({ ...one, certificates: [GOOD] }).allowed;
        expect([isYes, endsOf(one).map(({ kind }) => kind)]).toEqual([
          true,
          judge(one).allowed ? ['CERTIFICATE'] : [],
        ]);
        const missing = changesFor(one, { declarations: [], consents: [] }).map(({ kind }) => kind);
        expect(missing).toEqual(judge(one).allowed ? [] : ['CERTIFICATE']);
      }
    }),
    { numRuns: 300 },
  );
});

test('the changes named turn the no into a yes, and without any one of them it stays a no', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(aCase, pending, (it, waiting) => {
      const changes = changesFor(it, waiting);
      if (judge(it).allowed) expect(changes).toEqual([]);
      if (changes.length === 0) return;
      expect(judge(changes.reduce(changed, it)).allowed).toBe(true);
      for (const left of changes) {
        const others = changes.filter((change) => change !== left);
        expect(judge(others.reduce(changed, it)).allowed).toBe(false);
      }
      for (const { kind, ...rest } of changes) {
        const name = 'pending' in rest && rest.pending ? `${kind} pending` : kind;
        seen[name] = (seen[name] ?? 0) + 1;
      }
    }),
    { numRuns: 3_000 },
  );
  const kinds = ['TENANT', 'CERTIFICATE', 'DECLARATION', 'DECLARATION pending', 'SCOPE', 'CONSENT'];
  for (const kind of [...kinds, 'CONSENT pending'])
    expect([kind, seen[kind]]).toEqual([kind, expect.any(Number)]);
});

test('where nothing is named, nothing that anybody may set changes the no', () => {
  const extra = fc.record({
    scopes: fc.array(scope, { maxLength: 6 }),
    consents: fc.array(consent, { maxLength: 6 }),
    declarations: fc.array(declaration, { maxLength: 3 }),
  });
  let met = 0;
  fc.assert(
    fc.property(aCase, extra, (it, more) => {
      if (judge(it).allowed || changesFor(it, { declarations: [], consents: [] }).length > 0) return;
      met += 1;
      const purpose = { id: 'p', purpose: it.purpose, validFrom: at(-9), validTo: null };
      const richer: Case = {
        ...it,
        standing: 'ACTIVE',
        certificates: [GOOD],
        declarations: [...it.declarations, ...more.declarations, purpose],
        scopes: [...it.scopes, ...more.scopes],
        consents: [...it.consents, ...more.consents],
      };
      expect(judge(richer).allowed).toBe(false);
    }),
    { numRuns: 3_000 },
  );
  expect(met).toBeGreaterThan(100);
});

const FACTS = {
  CERTIFICATE: 'certificates',
  DECLARATION: 'declarations',
  SCOPE: 'scopes',
  CONSENT: 'consents',
} as const;

test('a yes ends with the last fact of each kind that it rests on, and not before', () => {
  let met = 0;
  fc.assert(
    fc.property(aYes, (it) => {
      const ends = endsOf(it);
      if (!judge(it).allowed) return void expect(ends).toEqual([]);
      met += 1;
      for (const kind of Object.keys(FACTS) as (keyof typeof FACTS)[]) {
        const end = ends.find((one) => one.kind === kind);
        const without = keeping(it, kind, (id) => !end?.ids.includes(id));
        if (!end) expect(judge(keeping(it, kind, () => false)).allowed).toBe(true);
        else expect(judge(without).allowed).toBe(false);
        for (const id of end?.ids ?? [])
          expect(judge(keeping(it, kind, (other) => other === id)).allowed).toBe(true);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(met).toBeGreaterThan(100);
});

test('left alone, a yes lasts until the moment named and no longer', () => {
  let ended = 0;
  fc.assert(
    fc.property(aYes, (it) => {
      const until = untilOf(it);
      if (!judge(it).allowed) return void expect(until).toBeNull();
      const later = [-2, -1, 0, 1, 2, 9, 99]
        .map((hours) => new Date(at(hours)))
        .filter((now) => now > it.now);
      for (const now of later)
        if (until === null || now < new Date(until)) expect(judge({ ...it, now }).allowed).toBe(true);
      if (until === null) return;
      ended += 1;
      expect(judge({ ...it, now: new Date(until) }).allowed).toBe(false);
    }),
    { numRuns: 3_000 },
  );
  expect(ended).toBeGreaterThan(100);
});
