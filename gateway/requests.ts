import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Refusal } from './errors.js';
import { actsOf, appendActs } from './acting.js';
import { classOf } from './demand/allowance.js';
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
import type { HubMetrics } from './telemetry/metrics.js';
import { isOwed, type StandingAct, standingRefusal, type TenantState } from './policy/standing.js';

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
  metrics: HubMetrics;
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
  async caller(socket: Socket | undefined): Promise<Caller> {
    return this.services.identity.identify(socket);
  }

  /** A fault in the stated purpose is kept until it is known what is asked: what is owed is asked for none. */
  async context(caller: Caller, headers: FastifyRequest['headers']): Promise<RequestContext> {
    const { registry, ledger } = this.services.stages[caller.stage];
    const workedIn = new Set<Stage>();
    const { standing, ...held } = await registry.facts(caller.tenant);
    const header = headers['x-hub-purpose'];
    const request = randomUUID();
    const stated = purposeFor(Array.isArray(header) ? header[0] : header, held);
    const { purpose = WITHOUT_PURPOSE } = stated;
    // Whoever states no purpose as it should has what is owed, and nothing beside it.
    const facts: Facts = stated.fault ? { declarations: [], scopes: [], consents: [] } : held;
    const asking = { request, caller, purpose, facts };
    const recorded = { request, caller, purpose: stated.purpose ?? null };
    const { metrics } = this.services;
    const context: RequestContext = {
      ...asking,
      demand: classOf(headers),
      disclosed: [],
      workedIn,
      isActive: standing === 'ACTIVE',
      mustStand: async (acts, operation) => {
        context.operation = nameOf(operation);
        const refusal = refusedByStanding(standing, acts) ?? (isOwed(acts) ? undefined : stated.fault);
        // Who may not call is told so, and not asked why it does.
        if (!refusal || (refusal === stated.fault && standing !== 'ACTIVE')) return;
        const { code, rule = null } = refusal;
        const refusals = [{ permission: null, rule, code }];
        const record = { operation, permissions: [], refusals, release: null, disclosed: [] };
        await ledger.append(factsOf(recorded, record));
        throw refusal;
      },
      fault: this.services.fault,
      grantOf: (reach) => ({ request, caller, purpose, reach, checkpoint: ledger.checkpoint() }),
      record: async (record) => {
        const isDone = record.operation.kind === 'MUTATION' && record.release !== null;
        // Read first, so that all that follows goes into one batch.
        const outboxes = isDone
          ? [caller.stage, ...workedIn].map((stage) => this.services.stages[stage])
          : [];
        const done = await Promise.all(
          outboxes.map(async (stage) => ({ to: stage.ledger, acts: await actsOf(stage.pool, request) })),
        );
        const answer = { operation: nameOf(record.operation), object: record.release?.object ?? null };
        await Promise.all([
          ledger.append(factsOf(recorded, record)),
          ...done.map(({ to, acts }) => appendActs(to, acts)),
          appendDisclosures(ledger, asking, answer, record.disclosed),
        ]);
        // A door that is refused is counted as any request that is.
        if (record.operation.kind !== 'DOOR')
          for (const { code, rule } of record.refusals) metrics.refused(code, rule);
        if (record.release) metrics.released(caller, record.release);
      },
    };
    return context;
  }

  seal: (grant: Parameters<typeof sealGrant>[0]) => Promise<string> = (grant) =>
    sealGrant(grant, this.services.keys.privateKey);
}

/** The purpose, or what is wrong with it. */
function purposeFor(header: string | undefined, facts: Facts): { purpose?: Purpose; fault?: Refusal } {
  try {
    return { purpose: purposeOf(header, facts, new Date()) };
  } catch (error) {
    if (error instanceof Refusal) return { fault: error };
    throw error;
  }
}

function refusedByStanding(standing: TenantState, acts: readonly StandingAct[]): Refusal | undefined {
  const code = acts
    .map((act) => standingRefusal(standing, 'ACTIVE', act))
    .find((refused) => refused !== null);
  return code && new Refusal(code, { rule: 'identity/tenant', message: `The tenant is ${standing}.` });
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

/** Headers as a room may see them: single-valued, and none that claims an identity or that HTTP/2 speaks of itself in. */
export function roomHeaders(headers: FastifyRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !IDENTITY_HEADERS.includes(name) && !name.startsWith(':')
      ? [[name, value] as const]
      : [],
  );
  return Object.fromEntries(entries);
}
