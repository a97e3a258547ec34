import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../../gateway/errors.js';
import { ForAnyCaller, Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import type { Session } from '../runtime/session.js';
import { explainAccess } from './access.js';
import {
  AccessDecision,
  Certificate,
  CertificateConnection,
  Consent,
  ConsentConnection,
  Me,
  Scope,
  ScopeConnection,
  Tenant,
  TenantConnection,
} from './entities.js';
import {
  AccessDecisionArguments,
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

@Resolver(() => Me)
export class MeResolver {
  @ForAnyCaller()
  @Query(() => Me, { description: 'Who calls, as the certificate says (当前调用方)' })
  me(@Ctx() { session }: TenantsContext): Omit<Me, 'purposes' | 'scopes'> {
    const { caller, purpose } = session.grant;
    return { ...caller, purpose };
  }

  @FieldResolver(() => [String], { description: 'Purposes that the caller’s scopes serve (可用用途)' })
  async purposes(@Root() me: Me, @Ctx() { tenants }: TenantsContext): Promise<string[]> {
    const { scopes } = await tenants.facts(me.tenant);
    return [...new Set(scopes.flatMap(({ purposes }) => purposes))].sort();
  }

  @FieldResolver(() => [AccessDecision], {
    description: 'What each scope of the caller comes to now (当前可做事项)',
  })
  async may(@Root() me: Me, @Ctx() { tenants }: TenantsContext): Promise<AccessDecision[]> {
    const [tenant, { scopes, consents }] = [await tenants.visible(me.tenant), await tenants.facts(me.tenant)];
    const permissions = new Set(scopes.map(({ category, action }) => `${category}:${action}`));
    return [...permissions].sort().map((permission) => {
      const [category = '', action = ''] = permission.split(':');
      return explainAccess(tenant, scopes, consents, { category, action, purpose: me.purpose });
    });
  }

  @ForAnyCaller()
  @Query(() => AccessDecision, {
    nullable: true,
    description: 'May this tenant, and why or why not (授权判定)',
  })
  async accessDecision(
    @Args() args: AccessDecisionArguments,
    @Ctx() { tenants, session }: TenantsContext,
  ): Promise<AccessDecision> {
    const { caller, reach } = session.grant;
    if (args.tenant && args.tenant !== caller.tenant) mustSeeAll(reach);
    const tenant = await tenants.visible(args.tenant ?? caller.tenant);
    const { scopes, consents } = await tenants.facts(tenant.id);
    return explainAccess(tenant, scopes, consents, {
      ...args,
      purpose: args.purpose ?? session.grant.purpose,
    });
  }
}

const FACTS_OF_OTHERS = ['tenants:read', 'scopes:read', 'consents:read'] as const;

/** A decision about another tenant out of half its facts would be wrong, not incomplete. */
function mustSeeAll(reach: Session['grant']['reach']): void {
  const missing = FACTS_OF_OTHERS.find((permission) => !reach[permission]);
  if (missing)
    throw new Refusal('SCOPE_MISSING', { message: `To ask about another tenant you need ${missing}.` });
}
