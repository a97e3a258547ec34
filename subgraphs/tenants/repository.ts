import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { isPermission, isCategory } from '../../gateway/policy/categories.js';
import { isPurpose } from '../../gateway/policy/purposes.js';
import { newId } from '../runtime/ids.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { mustLieWhereSaid } from './consents/subjects.js';
import { Certificate, Consent, Scope, Tenant } from './entities.js';
import type {
  CertificateInput,
  ConsentInput,
  ConsentsArguments,
  ScopeInput,
  ScopesArguments,
  TenantInput,
  TenantsArguments,
} from './inputs.js';

const BY_ID = { by: ['id' as const] };
/** A tenant's scopes and consents are read whole to explain a decision; more than this is a mistake. */
const MOST_FACTS = 10_000;

export class TenantRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Tenant | null>(async (ids) => {
    const rows = await this.#session.em.find(Tenant, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (tenant) => tenant.id);
  });
  readonly consentById = new DataLoader<string, Consent | null>(async (ids) => {
    const rows = await this.#session.em.find(Consent, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (consent) => consent.id);
  });
  readonly certificates = new PagesLoader<PageArguments, Page<Certificate>>((tenants, request) =>
    pages(this.#session, Certificate, { property: 'tenant', keys: tenants }, request, {
      by: ['fingerprint'],
    }),
  );
  readonly scopesOf = new PagesLoader<PageArguments, Page<Scope>>((tenants, request) =>
    pages(this.#session, Scope, { property: 'tenant', keys: tenants }, request, BY_ID),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  tenants({ tier, status, ...request }: TenantsArguments): Promise<Page<Tenant>> {
    return page(this.#session, Tenant, request, BY_ID, [
      { property: 'tier', is: '=', value: tier },
      { property: 'status', is: '=', value: status },
    ]);
  }

  scopes({ tenant, ...request }: ScopesArguments): Promise<Page<Scope>> {
    return page(this.#session, Scope, request, BY_ID, [{ property: 'tenant', is: '=', value: tenant }]);
  }

  consents({ subject, recipient, status, ...request }: ConsentsArguments): Promise<Page<Consent>> {
    return page(this.#session, Consent, request, BY_ID, [
      { property: 'subject', is: '=', value: subject },
      { property: 'recipient', is: '=', value: recipient },
      { property: 'status', is: '=', value: status },
    ]);
  }

  /** Everything that decides a tenant's access, as far as the caller may see it. */
  async facts(tenant: string): Promise<{ scopes: Scope[]; consents: Consent[] }> {
    const scopes = await this.#session.em.find(Scope, { tenant }, { limit: MOST_FACTS });
    const consents = await this.#session.em.find(Consent, { recipient: tenant }, { limit: MOST_FACTS });
    return { scopes, consents };
  }

  async visible(id: string): Promise<Tenant> {
    const tenant = await this.byId.load(id);
    if (!tenant) throw new Refusal('BAD_USER_INPUT', { message: `${id} is no tenant that you may see.` });
    return tenant;
  }

  registerTenants(inputs: TenantInput[]): Promise<Tenant[]> {
    return upsert(
      this.#session,
      Tenant,
      inputs.map((input) => ({ ...input, uscc: input.uscc ?? null })),
      'id',
    );
  }

  async setTenantStatus(id: string, status: string): Promise<Tenant> {
    const tenant = await this.visible(id);
    const [changed] = await this.#session.entities(
      Tenant,
      'update tenants.tenant set status = $2 where id = $1 returning *',
      [tenant.id, status],
    );
    if (!changed) throw new Refusal('ROW_OUT_OF_REACH');
    return changed;
  }

  /** Binds certificates to their tenants; a fingerprint belongs to one tenant for ever. */
  async registerCertificates(inputs: CertificateInput[]): Promise<Certificate[]> {
    const rows: Partial<Certificate>[] = [];
    for (const input of inputs) {
      const { id, area } = await this.visible(input.tenant);
      rows.push({ ...input, fingerprint: input.fingerprint.toLowerCase(), tenant: id, area });
    }
    await this.#mustBeNew(rows);
    return upsert(this.#session, Certificate, rows, 'fingerprint');
  }

  /** To register a certificate again is nothing; to move it would let one tenant answer for another's past. */
  async #mustBeNew(rows: Partial<Certificate>[]): Promise<void> {
    const wanted = new Map(rows.map(({ fingerprint = '', tenant }) => [fingerprint, tenant]));
    const known = await this.#session.em.find(Certificate, { fingerprint: { $in: [...wanted.keys()] } });
    const taken = known.find(({ fingerprint, tenant }) => wanted.get(fingerprint) !== tenant);
    if (taken)
      throw new Refusal('CONFLICT', { message: `The certificate is registered to ${taken.tenant} already.` });
  }

  /** @throws Refusal NOT_FOUND for a certificate that the caller cannot see or has been revoked before. */
  async revokeCertificate(fingerprint: string, reason: string): Promise<Certificate> {
    const [revoked] = await this.#session.entities(
      Certificate,
      `update tenants.certificate set status = 'REVOKED', revoked_at = now(), reason = $2
       where fingerprint = $1 and status = 'ACTIVE' returning *`,
      [fingerprint.toLowerCase(), reason],
    );
    if (!revoked) throw new Refusal('NOT_FOUND', { message: 'No such active certificate in your reach.' });
    return revoked;
  }

  async addScopes(inputs: ScopeInput[]): Promise<Scope[]> {
    const rows: Partial<Scope>[] = [];
    for (const input of inputs) {
      const permission = `${input.category}:${input.action}`;
      if (!isPermission(permission))
        throw new Refusal('BAD_USER_INPUT', { message: `${permission} is no category and action.` });
      mustBePurposes(input.purposes);
      const tenant = await this.visible(input.tenant);
      const setBy = this.#session.grant.caller.tenant;
      rows.push({
        ...input,
        validTo: input.validTo ?? null,
        id: newId('scp'),
        tenantArea: tenant.area,
        setBy,
      });
    }
    return upsert(this.#session, Scope, rows, 'id');
  }

  async endScope(id: string): Promise<Scope> {
    const [ended] = await this.#session.entities(
      Scope,
      'update tenants.scope set valid_to = now() where id = $1 and (valid_to is null or valid_to > now()) returning *',
      [id],
    );
    if (!ended) throw new Refusal('NOT_FOUND', { message: 'No such valid scope in your reach.' });
    return ended;
  }

  /** @throws Refusal ROW_OUT_OF_REACH, SCOPE_MISSING, BAD_USER_INPUT for a subject that is not the caller's to speak for. */
  async recordConsents(inputs: ConsentInput[]): Promise<Consent[]> {
    const grantedBy = this.#session.grant.caller.tenant;
    const rows = inputs.map((input) => {
      mustBePurposes([input.purpose]);
      const unknown = input.categories.find((category) => !isCategory(category));
      if (unknown) throw new Refusal('BAD_USER_INPUT', { message: `${unknown} is no category.` });
      return { ...input, evidenceSha256: input.evidenceSha256 ?? null, id: newId('con'), grantedBy };
    });
    await mustLieWhereSaid(this.#session, inputs);
    return upsert(this.#session, Consent, rows, 'id');
  }

  async revokeConsent(id: string): Promise<Consent> {
    const [revoked] = await this.#session.entities(
      Consent,
      `update tenants.consent set status = 'REVOKED', revoked_at = now() where id = $1 and status = 'GRANTED' returning *`,
      [id],
    );
    if (!revoked) throw new Refusal('NOT_FOUND', { message: 'No such open consent in your reach.' });
    return revoked;
  }
}

function mustBePurposes(purposes: string[]): void {
  const unknown = purposes.find((purpose) => !isPurpose(purpose));
  if (unknown)
    throw new Refusal('PURPOSE_UNKNOWN', { message: `${unknown} is not in the closed list of purposes.` });
}
