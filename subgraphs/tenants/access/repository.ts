import type { Session } from '../../runtime/session.js';
import { Consent } from '../consents/entities.js';
import { Scope } from '../scopes/entities.js';

/** A tenant's scopes and consents are read whole to explain a decision; more than this is a mistake. */
const MOST_FACTS = 10_000;

/** Everything that decides a tenant's access, as far as the caller may see it. */
export interface AccessFacts {
  scopes: Scope[];
  consents: Consent[];
}

export class AccessRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async facts(tenant: string): Promise<AccessFacts> {
    const scopes = await this.#session.em.find(Scope, { tenant }, { limit: MOST_FACTS });
    const consents = await this.#session.em.find(Consent, { recipient: tenant }, { limit: MOST_FACTS });
    return { scopes, consents };
  }
}
