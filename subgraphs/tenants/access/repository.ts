import DataLoader from 'dataloader';
import type { Session } from '../../runtime/session.js';
import { Certificate } from '../certificates/entities.js';
import { Consent } from '../consents/entities.js';
import { PurposeDeclaration } from '../purposes/entities.js';
import { Scope } from '../scopes/entities.js';

/** A tenant's facts are read whole to explain a decision; more of one kind than this is a mistake. */
const MOST_FACTS = 10_000;

/** Everything that decides a tenant's access, whatever has become of it, as far as the caller may see it. */
export interface AccessFacts {
  certificates: Certificate[];
  declarations: PurposeDeclaration[];
  scopes: Scope[];
  consents: Consent[];
}

export class AccessRepository {
  readonly #session: Session;
  /** Several fields of one answer explain by the same facts. */
  readonly #factsOf = new DataLoader<string, AccessFacts>((tenants) =>
    Promise.all(tenants.map((tenant) => this.#read(tenant))),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  facts(tenant: string): Promise<AccessFacts> {
    return this.#factsOf.load(tenant);
  }

  /** The same to explain by. An explanation names consents: whose they are learns that they were named. */
  async explained(tenant: string): Promise<AccessFacts> {
    const facts = await this.facts(tenant);
    for (const { subject, area } of facts.consents) {
      this.#session.disclosed({ category: 'consents', subject, area, values: 0 });
    }
    return facts;
  }

  /** Whether the caller sees every one of a tenant's facts: of some of them it would draw a wrong conclusion. */
  async seesAll(tenant: string): Promise<boolean> {
    const { certificates, declarations, scopes, consents } = await this.facts(tenant);
    const seen = certificates.length + declarations.length + scopes.length + consents.length;
    const [row] = await this.#session.rows<{ all: string }>('select tenants.number_of_facts($1) as all', [
      tenant,
    ]);
    return seen === Number(row?.all);
  }

  async #read(tenant: string): Promise<AccessFacts> {
    const { em } = this.#session;
    const most = { limit: MOST_FACTS };
    return {
      certificates: await em.find(Certificate, { tenant }, most),
      declarations: await em.find(PurposeDeclaration, { tenant }, most),
      scopes: await em.find(Scope, { tenant }, most),
      consents: await em.find(Consent, { recipient: tenant }, most),
    };
  }
}
