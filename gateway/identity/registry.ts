import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, QueryConfig, QueryResult } from 'pg';
import { Refusal } from '../errors.js';
import type { Facts } from '../policy/authorise.js';
import type { ConsentFact, DeclarationFact, ScopeFact } from '../policy/question.js';
import type { Tier } from '../policy/grant.js';
import type { Granularity } from '../policy/limits.js';
import type { CertificateState, TenantState } from '../policy/standing.js';

export interface RegisteredTenant {
  id: string;
  name: string;
  tier: Tier;
  area: string;
  uscc: string | null;
  status: TenantState;
}

/** What the registry says of a certificate; its dates and the revocation lists are the judge's. */
export type RegisteredStatus = Extract<CertificateState, 'ACTIVE' | 'SUSPENDED' | 'REVOKED'>;

export interface RegisteredCertificate {
  tenant: RegisteredTenant;
  status: RegisteredStatus;
}

interface Document {
  revision: number;
  tenants: RegisteredTenant[];
  certificates: { fingerprint: string; tenant: string; status: RegisteredStatus }[];
  declarations: {
    id: string;
    tenant: string;
    purpose: string;
    valid_from: string;
    valid_to: string | null;
  }[];
  scopes: {
    id: string;
    tenant: string;
    category: string;
    action: string;
    area: string;
    energy_kinds: string[] | null;
    building_types: string[] | null;
    purposes: string[];
    valid_from: string;
    valid_to: string | null;
  }[];
  consents: {
    id: string;
    recipient: string;
    subject: string;
    area: string;
    categories: string[];
    energy_kinds: string[] | null;
    meter_levels: number[] | null;
    finest: Granularity;
    purpose: string;
    valid_from: string;
    valid_to: string;
    status: string;
  }[];
}

interface Snapshot {
  revision: string;
  tenants: Map<string, RegisteredTenant>;
  certificates: Map<string, RegisteredCertificate>;
  declarations: Map<string, DeclarationFact[]>;
  scopes: Map<string, ScopeFact[]>;
  consents: Map<string, ConsentFact[]>;
}

/** What a decision about a tenant goes by. */
export interface TenantFacts extends Facts {
  standing: TenantState;
}

/** How often the revision is compared: a revocation works within this and the time of one statement. */
const POLL_MS = 200;
/** Older knowledge than this is confirmed before it is used. */
const FRESH_MS = 600;
/** A database that hangs is one that cannot be asked: the caller is told so before it gives up itself. */
const PATIENCE_MS = 2_000;

/**
 * What one stage's database says of tenants, certificates, declared purposes, scopes and consents, kept in memory and compared by one
 * number five times a second. When the database cannot be asked, nobody is let in (fail closed).
 */
export class Registry {
  readonly #pool: Pool;
  #snapshot: Snapshot | undefined;
  #confirmedAt = 0;
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async open(): Promise<this> {
    await this.#refresh();
    this.#timer = setInterval(() => void this.#refresh().catch(() => undefined), POLL_MS);
    this.#timer.unref();
    return this;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** @throws Refusal REGISTRY_STALE when the database cannot confirm what is known. */
  async certificate(fingerprint: string): Promise<RegisteredCertificate | undefined> {
    const known = (await this.#current()).certificates.get(fingerprint);
    return known ?? (await this.#asOf(Date.now())).certificates.get(fingerprint);
  }

  /**
   * What decides a tenant's access. One that is not active has no scopes and no consents; its duties need neither.
   *
   * @throws Refusal REGISTRY_STALE
   */
  async facts(tenant: string): Promise<TenantFacts> {
    const { tenants, ...all } = await this.#current();
    const standing = tenants.get(tenant)?.status ?? 'CLOSED';
    const declarations = all.declarations.get(tenant) ?? [];
    const scopes = all.scopes.get(tenant) ?? [];
    return standing === 'ACTIVE'
      ? { standing, declarations, scopes, consents: all.consents.get(tenant) ?? [] }
      : { standing, declarations, scopes: [], consents: [] };
  }

  /** What the database says now is known when this resolves, without waiting for the next comparison. */
  async catchUp(): Promise<void> {
    await this.#asOf(Date.now());
  }

  /** A certificate registered a moment ago may call at once: who is not known is looked for anew before the refusal. */
  async #asOf(moment: number): Promise<Snapshot> {
    while (this.#confirmedAt <= moment) await this.#refreshed();
    return this.#current();
  }

  async #current(): Promise<Snapshot> {
    if (Date.now() - this.#confirmedAt > FRESH_MS) {
      await this.#refreshed();
    }
    if (!this.#snapshot) throw new Refusal('REGISTRY_STALE');
    return this.#snapshot;
  }

  /** @throws Refusal REGISTRY_STALE */
  async #refreshed(): Promise<void> {
    await Promise.race([this.#refresh(), tooLong()]).catch(() => {
      throw new Refusal('REGISTRY_STALE');
    });
  }

  /** One refresh at a time; knowledge counts as old as the beginning of the refresh that brought it. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #load(): Promise<void> {
    const askedAt = Date.now();
    const { rows } = await this.#ask<{ revision: string }>(
      'select tenants.current_revision()::text as revision',
    );
    if (rows[0]?.revision !== this.#snapshot?.revision) {
      const { rows: documents } = await this.#ask<{ registry: Document }>(
        'select tenants.registry() as registry',
      );
      if (documents[0]) this.#snapshot = snapshotOf(documents[0].registry);
    }
    this.#confirmedAt = askedAt;
  }

  /** A query that hangs is given up, or no later refresh would ever begin. */
  #ask<Row extends object>(text: string): Promise<QueryResult<Row>> {
    const query: QueryConfig & { query_timeout: number } = { text, query_timeout: PATIENCE_MS };
    return this.#pool.query<Row>(query);
  }
}

async function tooLong(): Promise<never> {
  await pause(PATIENCE_MS, undefined, { ref: false });
  throw new Error('the database does not answer');
}

function snapshotOf({ revision, tenants, certificates, declarations, scopes, consents }: Document): Snapshot {
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const registered = certificates.flatMap(({ fingerprint, tenant, status }) => {
    const owner = byId.get(tenant);
    return owner ? [[fingerprint, { tenant: owner, status }] as const] : [];
  });
  return {
    revision: String(revision),
    tenants: byId,
    certificates: new Map(registered),
    declarations: grouped(declarations, (declaration) => [
      declaration.tenant,
      {
        ...declaration,
        validFrom: declaration.valid_from,
        validTo: declaration.valid_to,
      } satisfies DeclarationFact,
    ]),
    scopes: grouped(scopes, (scope) => [
      scope.tenant,
      {
        ...scope,
        energyKinds: scope.energy_kinds,
        buildingTypes: scope.building_types,
        validFrom: scope.valid_from,
        validTo: scope.valid_to,
      } satisfies ScopeFact,
    ]),
    consents: grouped(consents, (consent) => [
      consent.recipient,
      {
        ...consent,
        energyKinds: consent.energy_kinds,
        meterLevels: consent.meter_levels,
        validFrom: consent.valid_from,
        validTo: consent.valid_to,
      } satisfies ConsentFact,
    ]),
  };
}

function grouped<Row, Fact>(rows: Row[], entry: (row: Row) => [string, Fact]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const [key, fact] of rows.map(entry)) groups.set(key, [...(groups.get(key) ?? []), fact]);
  return groups;
}
