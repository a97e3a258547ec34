import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Refusal } from './errors.js';
import { appendActs } from './acting.js';
import { appendDisclosures } from './disclosing.js';
import type { Identity } from './identity/identify.js';
import type { Registry } from './identity/registry.js';
import type { DecisionFacts, Facts as LedgerFacts, Operation } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';
import type { LedgerReading } from './ledger/subgraph.js';
import type { OperationRecord, RequestContext } from './plan/request.js';
import type { Facts } from './policy/authorise.js';
import { purposeOf, type Purpose, WITHOUT_PURPOSE } from './policy/purposes.js';
import type { Caller, Stage } from './policy/grant.js';
import type { GrantKeys } from './keys.js';
import { sealGrant } from './policy/seal.js';
import { standingRefusal, type TenantState } from './policy/standing.js';

export interface StageServices {
  registry: Registry;
  ledger: Ledger;
  /** The gateway's own connections to the stage's database. */
  pool: Pool;
  /** Other connections, for those who read the ledger. */
  reading: LedgerReading;
}

export interface RequestServices {
  identity: Identity;
  stages: Record<Stage, StageServices>;
  keys: GrantKeys;
  fault: (error: unknown, where: string) => string;
}

/** Callers send these; they never decide anything and never reach a room. */
const IDENTITY_HEADERS = [
  'x-hub-grant',
  'x-hub-release',
  'x-forwarded-client-cert',
  'x-ssl-client-cert',
  'authorization',
  'cookie',
];

/** Operation names come from callers: bounded before they are kept for ever. */
const LONGEST_NAME = 120;

/** Makes the context of each request: identity first, then purpose; both checked anew every time. */
export class Requests {
  readonly services: RequestServices;

  constructor(services: RequestServices) {
    this.services = services;
  }

  /** @throws Refusal CERTIFICATE_*, REGISTRY_STALE */
  async caller(socket: Socket): Promise<Caller> {
    return this.services.identity.identify(socket);
  }

  /**
   * `asked` names a request that is refused before it is understood; like every refusal it is recorded first.
   *
   * @throws Refusal PURPOSE_UNKNOWN, PURPOSE_NOT_DECLARED, PURPOSE_REQUIRED
   */
  async context(
    caller: Caller,
    headers: FastifyRequest['headers'],
    { asked, source = '' }: { asked: () => Operation; source?: string },
  ): Promise<RequestContext> {
    const { registry, ledger } = this.services.stages[caller.stage];
    const { standing, ...facts } = await registry.facts(caller.tenant);
    const header = headers['x-hub-purpose'];
    const request = randomUUID();
    const purpose = await recorded(
      () => purposeFor(standing, Array.isArray(header) ? header[0] : header, facts),
      ({ rule = null, code }) => {
        const refusals = [{ permission: null, rule, code }];
        const record = { operation: asked(), permissions: [], refusals, release: null, disclosed: [] };
        return ledger.append(factsOf({ request, caller, purpose: null }, record));
      },
    );
    const asking = { request, caller, purpose, facts };
    return {
      ...asking,
      source,
      disclosed: [],
      acts: [],
      mustStand: async (acts, operation) => {
        const code = acts
          .map((act) => standingRefusal(standing, 'ACTIVE', act))
          .find((refused) => refused !== null);
        if (!code) return;
        const rule = 'identity/tenant';
        const refusals = [{ permission: null, rule, code }];
        const record = { operation, permissions: [], refusals, release: null, disclosed: [] };
        await ledger.append(factsOf(asking, record));
        throw new Refusal(code, { rule, message: `The tenant is ${standing}.` });
      },
      fault: this.services.fault,
      grantOf: (reach) => ({ request, caller, purpose, reach, checkpoint: ledger.checkpoint() }),
      record: async (record) => {
        const answer = { operation: nameOf(record.operation), object: record.release?.object ?? null };
        await Promise.all([
          ledger.append(factsOf(asking, record)),
          appendActs(ledger, asking, record.acts ?? []),
          appendDisclosures(ledger, asking, answer, record.disclosed),
        ]);
      },
    };
  }

  seal: (grant: Parameters<typeof sealGrant>[0]) => Promise<string> = (grant) =>
    sealGrant(grant, this.services.keys.privateKey);
}

/** Who may not call is told so, and not first asked why it does: a fault in its purpose is passed over. */
function purposeFor(standing: TenantState, header: string | undefined, facts: Facts): Purpose {
  try {
    return purposeOf(header, facts, new Date());
  } catch (error) {
    if (standing !== 'ACTIVE' && error instanceof Refusal) return WITHOUT_PURPOSE;
    throw error;
  }
}

/** The value, or the refusal once it stands in the ledger. */
async function recorded<T>(value: () => T, record: (refusal: Refusal) => Promise<unknown>): Promise<T> {
  try {
    return value();
  } catch (error) {
    if (error instanceof Refusal) await record(error);
    throw error;
  }
}

/** A door opens as a whole or not at all; of an answer the parts that are allowed are given. */
function isAllowed({ operation, permissions, refusals }: OperationRecord): boolean {
  if (operation.kind === 'DOOR' || permissions.length === 0) return refusals.length === 0;
  return refusals.length < permissions.length;
}

/** What kind of operation it was: the name that its caller gave it may tell one subject of another. */
function nameOf(operation: Operation): string {
  return operation.kind === 'DOOR' ? operation.name : operation.kind;
}

function factsOf(
  { request, caller, purpose }: Pick<RequestContext, 'request' | 'caller'> & { purpose: Purpose | null },
  record: OperationRecord,
): LedgerFacts {
  const { operation, permissions, refusals, release } = record;
  const named =
    'sha256' in operation
      ? { ...operation, name: operation.name?.slice(0, LONGEST_NAME) ?? null }
      : operation;
  const decision: Omit<DecisionFacts, 'event'> = {
    request,
    tenant: caller.tenant,
    fingerprint: caller.fingerprint,
    purpose,
    operation: named,
    permissions,
    allowed: isAllowed(record),
    refusals,
  };
  return release
    ? { event: 'DECISION_AND_RELEASE', ...decision, release }
    : { event: 'DECISION', ...decision };
}

/** Headers as a room may see them: single-valued, and none that claims an identity. */
export function roomHeaders(headers: FastifyRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !IDENTITY_HEADERS.includes(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}
