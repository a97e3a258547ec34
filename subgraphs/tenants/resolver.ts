import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import type { Page } from '../runtime/lists.js';
import type { Session } from '../runtime/session.js';
import { Tenant, TenantConnection } from './entities.js';
import { TenantInput, TenantsArguments } from './inputs.js';
import type { Connections } from './applications/connections.js';
import type { ApplicationRepository } from './applications/repository.js';
import type { AccessRepository } from './access/repository.js';
import type { ApprovalRepository } from './approvals/repository.js';
import type { CertificateRepository } from './certificates/repository.js';
import type { ConsentRepository } from './consents/repository.js';
import type { NoticeRepository } from './notices/repository.js';
import type { PurposeRepository } from './purposes/repository.js';
import type { ErasureRepository } from './erasures/repository.js';
import type { AreaRepository } from './reference/repository.js';
import type { TenantRepository } from './repository.js';
import type { ScopeRepository } from './scopes/repository.js';

export interface TenantsContext {
  tenants: TenantRepository;
  approvals: ApprovalRepository;
  certificates: CertificateRepository;
  purposes: PurposeRepository;
  notices: NoticeRepository;
  scopes: ScopeRepository;
  consents: ConsentRepository;
  erasures: ErasureRepository;
  applications: ApplicationRepository;
  connections: Connections;
  access: AccessRepository;
  session: Session;
  areas: AreaRepository;
}

@Resolver(() => Tenant)
export class TenantResolver {
  @Guarded('tenants:read')
  @Query(() => TenantConnection, { nullable: true, description: 'Tenants in reach (接入单位列表)' })
  tenants(@Args() args: TenantsArguments, @Ctx() { tenants }: TenantsContext): Promise<Page<Tenant>> {
    return tenants.tenants(args);
  }

  @Guarded('tenants:read')
  @Query(() => Tenant, { nullable: true, description: 'One tenant; null when none is in reach (接入单位)' })
  tenant(@Arg('id', () => ID) id: string, @Ctx() { tenants }: TenantsContext): Promise<Tenant | null> {
    return tenants.byId.load(id);
  }

  @Guarded('tenants:write')
  @Mutation(() => [Tenant], {
    nullable: true,
    description: 'Registers or changes tenants, all or none (单位登记)',
  })
  registerTenants(
    @Arg('tenants', () => [TenantInput]) inputs: TenantInput[],
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Tenant[]> {
    return tenants.registerTenants(inputs);
  }

  @Guarded('tenants:write')
  @Mutation(() => Tenant, {
    nullable: true,
    description: 'Suspends, closes or reactivates a tenant (单位状态变更)',
  })
  setTenantStatus(
    @Arg('id', () => ID) id: string,
    @Arg('status', () => String, { description: 'ACTIVE, SUSPENDED or CLOSED (状态)' }) status: string,
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Tenant> {
    return tenants.setTenantStatus(id, status);
  }
}
