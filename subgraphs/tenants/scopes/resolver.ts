import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Tenant } from '../entities.js';
import type { TenantsContext } from '../resolver.js';
import { Scope, ScopeConnection } from './entities.js';
import { ScopeChange, ScopeInput, ScopesArguments } from './inputs.js';

@Resolver(() => Scope)
export class ScopeResolver {
  @Guarded('scopes:read')
  @Query(() => ScopeConnection, { nullable: true, description: 'Scopes in reach (授权范围列表)' })
  scopes(@Args() args: ScopesArguments, @Ctx() { scopes }: TenantsContext): Promise<Page<Scope>> {
    return scopes.list(args);
  }

  @Guarded('scopes:write', 'tenants:read')
  @Mutation(() => [Scope], { nullable: true, description: 'Adds scopes, all or none (新增授权范围)' })
  addScopes(
    @Arg('scopes', () => [ScopeInput]) inputs: ScopeInput[],
    @Ctx() { scopes }: TenantsContext,
  ): Promise<Scope[]> {
    return scopes.addScopes(inputs);
  }

  @Guarded('scopes:write', 'tenants:read')
  @Mutation(() => Scope, {
    nullable: true,
    description: 'Ends a scope and puts another in its place, at one instant (变更授权范围)',
  })
  changeScope(
    @Arg('id', () => ID) id: string,
    @Arg('to', () => ScopeChange) to: ScopeChange,
    @Ctx() { scopes }: TenantsContext,
  ): Promise<Scope> {
    return scopes.changeScope(id, to);
  }

  @Guarded('scopes:write', 'tenants:read')
  @Mutation(() => Scope, { nullable: true, description: 'Ends a scope now (终止授权范围)' })
  endScope(@Arg('id', () => ID) id: string, @Ctx() { scopes }: TenantsContext): Promise<Scope> {
    return scopes.endScope(id);
  }
}

@Resolver(() => Tenant)
export class TenantScopesResolver {
  @FieldResolver(() => ScopeConnection, { nullable: true, description: 'Its scopes (授权范围)' })
  scopes(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { scopes }: TenantsContext,
  ): Promise<Page<Scope>> {
    return scopes.of.load(id, request);
  }
}
