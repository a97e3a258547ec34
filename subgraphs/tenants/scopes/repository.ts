import { Refusal } from '../../../gateway/errors.js';
import { isPermission } from '../../../gateway/policy/categories.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';
import { newId } from '../../runtime/ids.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { upsert } from '../../runtime/upsert.js';
import type { TenantRepository } from '../repository.js';
import { Scope } from './entities.js';
import type { ScopeInput, ScopesArguments } from './inputs.js';

const BY_ID = { by: ['id' as const] };

export class ScopeRepository {
  readonly #session: Session;
  readonly #tenants: TenantRepository;

  readonly of = new PagesLoader<PageArguments, Page<Scope>>((tenants, request) =>
    pages(this.#session, Scope, { property: 'tenant', keys: tenants }, request, BY_ID),
  );

  constructor(session: Session, tenants: TenantRepository) {
    this.#session = session;
    this.#tenants = tenants;
  }

  list({ tenant, ...request }: ScopesArguments): Promise<Page<Scope>> {
    return page(this.#session, Scope, request, BY_ID, [{ property: 'tenant', is: '=', value: tenant }]);
  }

  async addScopes(inputs: ScopeInput[]): Promise<Scope[]> {
    const rows: Partial<Scope>[] = [];
    for (const input of inputs) {
      const permission = `${input.category}:${input.action}`;
      if (!isPermission(permission))
        throw new Refusal('BAD_USER_INPUT', { message: `${permission} is no category and action.` });
      mustBePurposes(input.purposes);
      const tenant = await this.#tenants.visible(input.tenant);
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
}

/** @throws Refusal PURPOSE_UNKNOWN */
function mustBePurposes(purposes: string[]): void {
  const unknown = purposes.find((purpose) => !isPurpose(purpose));
  if (unknown)
    throw new Refusal('PURPOSE_UNKNOWN', { message: `${unknown} is not in the closed list of purposes.` });
}
