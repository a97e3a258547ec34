import DataLoader from 'dataloader';
import type { Session } from '../../runtime/session.js';
import { Consent } from '../consents/entities.js';
import { PurposeDeclaration } from '../purposes/entities.js';
import { Scope } from '../scopes/entities.js';

/** A tenant's declarations, scopes and consents are read whole to explain a decision; more than this is a mistake. */
const MOST_FACTS = 10_000;

/** Everything that decides a tenant's access, as far as the caller may see it. */
export interface AccessFacts {
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

  async #read(tenant: string): Promise<AccessFacts> {
    const scopes = await this.#session.em.find(Scope, { tenant }, { limit: MOST_FACTS });
    const consents = await this.#session.em.find(Consent, { recipient: tenant }, { limit: MOST_FACTS });
    const declarations = await this.#session.em.find(PurposeDeclaration, { tenant }, { limit: MOST_FACTS });
    return { declarations, scopes, consents };
  }
}
