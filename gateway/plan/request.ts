import type { Disclosed } from '../../subgraphs/runtime/disclosures.js';
import type { DemandClass } from '../demand/allowance.js';
import type { Disclosure, Operation, RefusedPermission } from '../ledger/entry.js';
import type { Facts } from '../policy/authorise.js';
import type { Permission } from '../policy/categories.js';
import type { Caller, Grant, Stage } from '../policy/grant.js';
import type { Purpose } from '../policy/purposes.js';
import type { StandingAct } from '../policy/standing.js';

/** What is to be recorded of one operation; `release` is null when nothing has been answered yet. */
export interface OperationRecord {
  operation: Operation;
  permissions: Permission[];
  refusals: RefusedPermission[];
  release: Disclosure | null;
  /** What the release tells of whom. */
  disclosed: readonly Disclosed[];
}

/** One request on its way: who, why, under which facts, and how it is recorded. */
export interface RequestContext {
  request: string;
  caller: Caller;
  purpose: Purpose;
  facts: Facts;
  /** Whether a person waits for the answer, as the caller says: it decides from which of its own budgets it comes. */
  demand: DemandClass;
  /** Whether the tenant may ask for anything that it does not owe. */
  isActive: boolean;
  /**
   * Whether the tenant may do these acts as it stands (its certificate was good when it was identified) and for the
   * purpose that it states.
   *
   * @throws Refusal TENANT_INACTIVE, PURPOSE_UNKNOWN, PURPOSE_NOT_DECLARED, PURPOSE_REQUIRED, recorded first
   */
  mustStand: (acts: readonly StandingAct[], operation: Operation) => Promise<void>;
  grantOf: (reach: Grant['reach']) => Grant;
  /** Resolves when the row is committed; nothing leaves before. */
  record: (record: OperationRecord) => Promise<void>;
  fault: (error: unknown, where: string) => string;
  /** What was asked: for the counts. */
  operation?: string;
  /** Aborted when the caller has left. */
  leaving?: AbortSignal;
  sealedGrant?: string;
  /** What the rooms have told so far of whom, beside their data. */
  disclosed: Disclosed[];
  /** Stages beside the caller's own in which the rooms have worked for it. */
  workedIn: Set<Stage>;
}
