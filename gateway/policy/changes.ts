import { adminArea, areaAround } from './administration.js';
import { categoryOf } from './categories.js';
import { hasDimension } from './limits.js';
import { isValid, type ConsentFact, type DeclarationFact, type ScopeFact } from './question.js';
import { judge, type Case, type CertificateFact } from './verdict.js';

/** One thing that would have to be otherwise, as the fact that it would add, and who could bring it about. */
export type Change =
  | { kind: 'TENANT'; by: string | null }
  | { kind: 'CERTIFICATE'; by: string | null; fact: CertificateFact }
  | { kind: 'DECLARATION'; by: string | null; fact: DeclarationFact; pending: string | null }
  | { kind: 'SCOPE'; by: string | null; fact: ScopeFact }
  | { kind: 'CONSENT'; by: string | null; fact: ConsentFact; pending: string | null };

/** What waits for a decision: nothing has come of it yet. */
export interface Pending {
  declarations: DeclarationFact[];
  consents: ConsentFact[];
}

/** Of a fact that nobody has set yet. */
const NEW = 'new';
const ANYBODY = 'anybody';
const YEAR_MS = 365 * 86_400_000;

/** The same question where a change has been made. */
export function changed(it: Case, change: Change): Case {
  switch (change.kind) {
    case 'TENANT':
      return { ...it, standing: 'ACTIVE' };
    case 'CERTIFICATE':
      return { ...it, certificates: [...it.certificates, change.fact] };
    case 'DECLARATION':
      return { ...it, declarations: [...it.declarations, change.fact] };
    case 'SCOPE':
      return { ...it, scopes: [...it.scopes, change.fact] };
    case 'CONSENT':
      return { ...it, consents: [...it.consents, change.fact] };
  }
}

/**
 * The fewest changes that together turn a no into a yes; none of them can be left out. Found by asking the policy itself
 * about facts that are not there. Empty for a yes, and for a no that nothing would change.
 */
export function changesFor(it: Case, pending: Pending): Change[] {
  const isYes = (changes: Change[]): boolean => judge(changes.reduce(changed, it)).allowed;
  const all = preferPending(candidates(it), pending, isYes);
  if (isYes([]) || !isYes(all)) return [];
  return subsets(all).find(isYes) ?? all;
}

/** Every set of changes, small ones first, in the order of the changes. */
function subsets(changes: Change[]): Change[][] {
  const sets = changes.reduce<Change[][]>(
    (found, change) => [...found, ...found.map((set) => [...set, change])],
    [[]],
  );
  return sets.toSorted((one, other) => one.length - other.length);
}

/** Everything that could be missing, each as little as the question needs. */
function candidates(it: Case): Change[] {
  const { caller, permission, purpose, now } = it;
  const category = categoryOf(permission);
  const from = now.toISOString();
  const until = new Date(now.getTime() + YEAR_MS).toISOString();
  const { scopeArea, subjectArea } = placesFor(it);
  const energyKinds = limitTo(hasDimension(category, 'energyKinds') ? it.row.energyKind : null);
  const meterLevels = limitTo(hasDimension(category, 'meterLevels') ? it.row.meterLevel : null);
  const buildingTypes = limitTo(hasDimension(category, 'buildingTypes') ? it.row.buildingType : null);
  const period = { validFrom: from, validTo: null };
  const operator = adminArea(caller, caller.area);
  const certificate = { id: NEW, status: 'ACTIVE', notBefore: from, notAfter: until };
  const scope: ScopeFact = {
    ...{ id: NEW, category, action: permission.slice(category.length + 1), area: scopeArea },
    ...{ energyKinds, buildingTypes, purposes: [purpose], ...period },
  };
  const consent: ConsentFact = {
    ...{ id: NEW, subject: it.row.subject ?? ANYBODY, area: subjectArea, categories: [category], purpose },
    ...{ energyKinds, meterLevels, finest: 'AS_METERED', validFrom: from, validTo: until, status: 'GRANTED' },
  };
  return [
    { kind: 'TENANT', by: operator },
    { kind: 'CERTIFICATE', by: operator, fact: certificate },
    { kind: 'DECLARATION', by: operator, fact: { id: NEW, purpose, ...period }, pending: null },
    { kind: 'SCOPE', by: adminArea(caller, scopeArea), fact: scope },
    { kind: 'CONSENT', by: it.row.subject, fact: consent, pending: null },
  ];
}

function limitTo<T>(value: T | null): T[] | null {
  return value === null ? null : [value];
}

/** Over what a scope that is missing would lie, and where the subject of a consent that is missing would. */
function placesFor(it: Case): { scopeArea: string; subjectArea: string } {
  const { caller, row, consents, scopes, permission, purpose, now } = it;
  if (caller.tier !== 'THIRD_PARTY') {
    // What an enterprise does with its own data it does anywhere; what it supplied lies where it supplied it.
    const isOwn = caller.tier === 'ENTERPRISE' && permission !== 'supplies:write';
    const scopeArea = isOwn ? caller.area : (row.area ?? caller.area);
    return { scopeArea, subjectArea: scopeArea };
  }
  const known = consents.find(({ subject }) => subject === row.subject)?.area;
  const serving = scopes.find(
    (scope) =>
      `${scope.category}:${scope.action}` === permission &&
      scope.purposes.includes(purpose) &&
      isValid(scope, now),
  );
  const subjectArea = known ?? row.area ?? serving?.area ?? caller.area;
  return { scopeArea: row.area ? areaAround(row.area, subjectArea) : subjectArea, subjectArea };
}

/** What has been asked for already and would do comes before anything new. */
function preferPending(changes: Change[], pending: Pending, isYes: (changes: Change[]) => boolean): Change[] {
  return changes.reduce((all, change, place) => {
    if (change.kind !== 'DECLARATION' && change.kind !== 'CONSENT') return all;
    const others =
      change.kind === 'DECLARATION'
        ? pending.declarations.map((fact) => ({ ...change, fact, pending: fact.id }))
        : pending.consents.map(({ ...fact }) => ({
            ...change,
            fact: { ...fact, status: 'GRANTED' },
            by: fact.subject,
            pending: fact.id,
          }));
    // Alone in its kind it must do what the new one would, or it is not what is missing.
    const fitting = others.find((other) => isYes(all.with(place, other)));
    return fitting ? all.with(place, fitting) : all;
  }, changes);
}
