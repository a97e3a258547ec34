import { isValid } from './question.js';
import { judge, type Case } from './verdict.js';

export type EndKind = 'TENANT' | 'CERTIFICATE' | 'DECLARATION' | 'SCOPE' | 'CONSENT';

/** What a yes rests on: it ends with the last of these, whatever else there is. */
export interface End {
  kind: EndKind;
  /** Each of them alone would carry the yes; a tenant's standing has no id. */
  ids: string[];
  /** When the last of them ends by itself, ISO 8601; null where one is open, or for a standing. */
  at: string | null;
}

interface Fact {
  id: string;
  validFrom: string;
  validTo: string | null;
}

const KINDS = {
  CERTIFICATE: 'certificates',
  DECLARATION: 'declarations',
  SCOPE: 'scopes',
  CONSENT: 'consents',
} as const;
type FactKind = keyof typeof KINDS;

/** The facts of a kind, whatever they call their period. */
function factsOf(it: Case, kind: FactKind): Fact[] {
  if (kind !== 'CERTIFICATE') return it[KINDS[kind]];
  return it.certificates.map(({ id, notBefore, notAfter }) => ({
    id,
    validFrom: notBefore,
    validTo: notAfter,
  }));
}

/** The same question with those facts of a kind alone that `isKept`. */
export function keeping(it: Case, kind: FactKind, isKept: (id: string) => boolean): Case {
  const name = KINDS[kind];
  return { ...it, [name]: it[name].filter(({ id }) => isKept(id)) };
}

/** What would end a yes, kind by kind; none for a no. */
export function endsOf(it: Case): End[] {
  if (!judge(it).allowed) return [];
  const isLostWithTenant = !judge({ ...it, standing: 'SUSPENDED' }).allowed;
  const ends: End[] = isLostWithTenant ? [{ kind: 'TENANT', ids: [], at: null }] : [];
  for (const kind of Object.keys(KINDS) as FactKind[]) {
    if (judge(keeping(it, kind, () => false)).allowed) continue;
    const carrying = factsOf(it, kind).filter(
      (fact) => isValid(fact, it.now) && judge(keeping(it, kind, (id) => id === fact.id)).allowed,
    );
    const until = carrying.map(({ validTo }) => validTo);
    const last = until.includes(null) ? undefined : until.toSorted(byTime).at(-1);
    const at = last ? new Date(last).toISOString() : null;
    ends.push({ kind, ids: carrying.map(({ id }) => id), at });
  }
  return ends;
}

/**
 * When a yes ends if nobody does anything; null for never, and for a no. What is valid now only ever becomes less, so
 * the moment is searched by halves; what begins later may carry on from there.
 */
export function untilOf(it: Case): string | null {
  let from = it;
  while (judge(from).allowed) {
    const moment = firstLoss(onlyValid(from));
    if (moment === null) return null;
    from = { ...it, now: new Date(moment) };
    if (!judge(from).allowed) return from.now.toISOString();
  }
  return null;
}

/** The first end of a fact at which the yes is lost. */
function firstLoss(it: Case): string | null {
  const moments = (Object.keys(KINDS) as FactKind[])
    .flatMap((kind) => factsOf(it, kind).flatMap(({ validTo }) => validTo ?? []))
    .toSorted(byTime);
  const isLostAt = (place: number): boolean =>
    !judge({ ...it, now: new Date(moments[place] ?? it.now) }).allowed;
  let [kept, lost] = [-1, moments.length];
  while (lost - kept > 1) {
    const middle = Math.floor((kept + lost) / 2);
    if (isLostAt(middle)) lost = middle;
    else kept = middle;
  }
  return moments[lost] ?? null;
}

function onlyValid(it: Case): Case {
  return (Object.keys(KINDS) as FactKind[]).reduce((less, kind) => {
    const valid = new Set(factsOf(less, kind).flatMap((fact) => (isValid(fact, it.now) ? [fact.id] : [])));
    return keeping(less, kind, (id) => valid.has(id));
  }, it);
}

function byTime(one: string | null, other: string | null): number {
  return Date.parse(one ?? '') - Date.parse(other ?? '');
}
