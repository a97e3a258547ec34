import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import type { Page } from '../runtime/lists.js';
import { inOrder, page } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { Tenant } from './entities.js';
import type { TenantInput, TenantsArguments } from './inputs.js';

export class TenantRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Tenant | null>(async (ids) => {
    const rows = await this.#session.em.find(Tenant, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (tenant) => tenant.id);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  tenants({ tier, status, ...request }: TenantsArguments): Promise<Page<Tenant>> {
    return page(this.#session, Tenant, request, { by: ['id'] }, [
      { property: 'tier', is: '=', value: tier },
      { property: 'status', is: '=', value: status },
    ]);
  }

  /** @throws Refusal BAD_USER_INPUT for a tenant that the caller may not see. */
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
}
