import { ERRORS } from '../../../gateway/errors.js';
import { changesFor, type Change } from '../../../gateway/policy/changes.js';
import { endsOf, untilOf } from '../../../gateway/policy/ends.js';
import type { Reach } from '../../../gateway/policy/grant.js';
import { isValid } from '../../../gateway/policy/question.js';
import { judge, type Case, type Verdict } from '../../../gateway/policy/verdict.js';
import type { Consent } from '../consents/entities.js';
import type { PurposeDeclaration } from '../purposes/entities.js';
import type { AccessChange, AccessDecision, AccessEnd, AccessLimits } from './entities.js';
import type { AccessFacts } from './repository.js';
import { wordsOfChange, wordsOfEnd } from './words.js';

const NOTHING_WOULD = 'Nothing that an admin, an operator or a subject may set would change it.';

export function isApproved({ status }: PurposeDeclaration): boolean {
  return status === 'APPROVED';
}

/** What an answer is about, beside the facts. */
export type Asked = Pick<Case, 'caller' | 'standing' | 'permission' | 'purpose' | 'row'>;

/**
 * The same policy that guards every request, asked about one tenant, in words. What would change or end the answer is
 * worked out only for who asks for it.
 */
export class Explanation implements AccessDecision {
  readonly permission: string;
  readonly allowed: boolean;
  readonly rule: string;
  readonly code: string | null;
  readonly reason: string;
  readonly declarations: string[];
  readonly scopes: string[];
  readonly consents: string[];
  readonly areas: string[];
  readonly subjects: string[];
  readonly limits: AccessLimits[];
  readonly #case: Case;
  readonly #facts: AccessFacts;
  #changes: Change[] | undefined;

  constructor(asked: Asked, facts: AccessFacts, now = new Date()) {
    const { certificates, scopes, consents } = facts;
    const declarations = facts.declarations.filter(isApproved);
    const identified = certificates.map((certificate) => ({ ...certificate, id: certificate.fingerprint }));
    this.#case = { ...asked, certificates: identified, declarations, scopes, consents, now };
    this.#facts = facts;
    const verdict = judge(this.#case);
    const { reach } = verdict;
    this.permission = asked.permission;
    ({ allowed: this.allowed, rule: this.rule, code: this.code, reason: this.reason } = verdict);
    ({ scopes: this.scopes, consents: this.consents } = verdict);
    this.declarations = declarations
      .filter((declaration) => declaration.purpose === asked.purpose && isValid(declaration, now))
      .map(({ id }) => id);
    ({ areas: this.areas, subjects: this.subjects } = placesOf(verdict.allowed ? reach : undefined));
    this.limits = verdict.allowed ? (reach.limited ?? []) : [];
  }

  get remedy(): string | null {
    if (this.allowed) return null;
    if (this.#needed().length === 0) return NOTHING_WOULD;
    // The table's remedy for rows out of reach speaks to who writes them.
    if (this.code === 'ROW_OUT_OF_REACH') return 'Have what is named under changes brought about.';
    return ERRORS[this.code as keyof typeof ERRORS][2];
  }

  get changes(): AccessChange[] {
    return this.#needed().map((change) => ({
      kind: change.kind,
      text: wordsOfChange(change),
      pending: 'pending' in change ? change.pending : null,
      by: change.by,
      area: change.kind === 'SCOPE' ? change.fact.area : null,
      energyKinds: change.kind === 'SCOPE' || change.kind === 'CONSENT' ? change.fact.energyKinds : null,
      buildingTypes: change.kind === 'SCOPE' ? change.fact.buildingTypes : null,
      meterLevels: change.kind === 'CONSENT' ? change.fact.meterLevels : null,
    }));
  }

  get ends(): AccessEnd[] {
    return endsOf(this.#case).map((end) => ({ ...end, text: wordsOfEnd(end) }));
  }

  get until(): string | null {
    return untilOf(this.#case);
  }

  #needed(): Change[] {
    this.#changes ??= changesFor(this.#case, {
      declarations: this.#facts.declarations.filter(({ status }) => status === 'DECLARED'),
      consents: this.#facts.consents.filter((consent) => isAnswerable(consent, this.#case.now)),
    });
    return this.#changes;
  }
}

/** A request that nobody answered in time only waits to be marked as expired. */
function isAnswerable({ status, answerBy }: Consent, now: Date): boolean {
  return status === 'REQUESTED' && (answerBy === null || now.getTime() < Date.parse(answerBy));
}

/** Where and whom a reach covers, whatever limits it there. */
function placesOf(reach: Verdict['reach'] | undefined): Pick<Reach, 'areas' | 'subjects'> {
  const { areas, subjects, limited = [] } = reach ?? { areas: [], subjects: [] };
  const within = limited.filter(({ subject }) => subject === null).map(({ area }) => area);
  return {
    areas: [...new Set([...areas, ...within])],
    subjects: [...new Set([...subjects, ...limited.flatMap(({ subject }) => subject ?? [])])],
  };
}
