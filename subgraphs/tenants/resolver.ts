import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import type { Session } from '../runtime/session.js';
import {
  Certificate,
  CertificateConnection,
  Consent,
  ConsentConnection,
  Scope,
  ScopeConnection,
  Tenant,
  TenantConnection,
} from './entities.js';
import {
  CertificateInput,
  ConsentInput,
  ConsentsArguments,
  ScopeInput,
  ScopesArguments,
  TenantInput,
  TenantsArguments,
} from './inputs.js';
import type { AreaRepository } from './reference/repository.js';
import type { TenantRepository } from './repository.js';

export interface TenantsContext {
  tenants: TenantRepository;
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

  @Guarded('tenants:write')
  @Mutation(() => [Certificate], { nullable: true, description: 'Binds certificates to tenants (证书登记)' })
  registerCertificates(
    @Arg('certificates', () => [CertificateInput]) inputs: CertificateInput[],
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Certificate[]> {
    return tenants.registerCertificates(inputs);
  }

  @Guarded('tenants:write')
  @Mutation(() => Certificate, {
    nullable: true,
    description: 'Revokes a certificate; works within a second (证书吊销)',
  })
  revokeCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Certificate> {
    return tenants.revokeCertificate(fingerprint, reason);
  }

  @FieldResolver(() => CertificateConnection, { description: 'Its certificates (证书)' })
  certificates(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Page<Certificate>> {
    return tenants.certificates.load(id, request);
  }

  @FieldResolver(() => ScopeConnection, { nullable: true, description: 'Its scopes (授权范围)' })
  scopes(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Page<Scope>> {
    return tenants.scopesOf.load(id, request);
  }
}

@Resolver(() => Scope)
export class ScopeResolver {
  @Guarded('scopes:read')
  @Query(() => ScopeConnection, { nullable: true, description: 'Scopes in reach (授权范围列表)' })
  scopes(@Args() args: ScopesArguments, @Ctx() { tenants }: TenantsContext): Promise<Page<Scope>> {
    return tenants.scopes(args);
  }

  @Guarded('scopes:write', 'tenants:read')
  @Mutation(() => [Scope], { nullable: true, description: 'Adds scopes, all or none (新增授权范围)' })
  addScopes(
    @Arg('scopes', () => [ScopeInput]) inputs: ScopeInput[],
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Scope[]> {
    return tenants.addScopes(inputs);
  }

  @Guarded('scopes:write')
  @Mutation(() => Scope, { nullable: true, description: 'Ends a scope now (终止授权范围)' })
  endScope(@Arg('id', () => ID) id: string, @Ctx() { tenants }: TenantsContext): Promise<Scope> {
    return tenants.endScope(id);
  }
}

@Resolver(() => Consent)
export class ConsentResolver {
  @Guarded('consents:read')
  @Query(() => ConsentConnection, { nullable: true, description: 'Consents in reach (同意列表)' })
  consents(@Args() args: ConsentsArguments, @Ctx() { tenants }: TenantsContext): Promise<Page<Consent>> {
    return tenants.consents(args);
  }

  @Guarded('consents:read')
  @Query(() => Consent, {
    nullable: true,
    description: 'One consent; null when none is in reach (数据共享同意)',
  })
  consent(@Arg('id', () => ID) id: string, @Ctx() { tenants }: TenantsContext): Promise<Consent | null> {
    return tenants.consentById.load(id);
  }

  @Guarded('consents:write')
  @Mutation(() => [Consent], { nullable: true, description: 'Records consents, all or none (同意登记)' })
  recordConsents(
    @Arg('consents', () => [ConsentInput]) inputs: ConsentInput[],
    @Ctx() { tenants }: TenantsContext,
  ): Promise<Consent[]> {
    return tenants.recordConsents(inputs);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Revokes a consent; works within a second (撤回同意)',
  })
  revokeConsent(@Arg('id', () => ID) id: string, @Ctx() { tenants }: TenantsContext): Promise<Consent> {
    return tenants.revokeConsent(id);
  }
}
