import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../../../gateway/errors.js';
import { declaredPurposes } from '../../../gateway/policy/purposes.js';
import { ForAnyCaller } from '../../runtime/guarded.js';
import type { Session } from '../../runtime/session.js';
import { AccessDecisionArguments } from './inputs.js';
import type { TenantsContext } from '../resolver.js';
import { AccessDecision, Me } from './entities.js';
import { explainAccess, isApproved } from './explain.js';

@Resolver(() => Me)
export class MeResolver {
  @ForAnyCaller()
  @Query(() => Me, { description: 'Who calls, as the certificate says (当前调用方)' })
  me(@Ctx() { session }: TenantsContext): Omit<Me, 'purposes' | 'scopes'> {
    const { caller, purpose } = session.grant;
    return { ...caller, purpose };
  }

  @FieldResolver(() => [String], {
    description: 'Purposes that the caller has declared and may name (可用用途)',
  })
  async purposes(@Root() me: Me, @Ctx() { access }: TenantsContext): Promise<string[]> {
    const { declarations } = await access.facts(me.tenant);
    return declaredPurposes(declarations.filter(isApproved), new Date());
  }

  @FieldResolver(() => [AccessDecision], {
    description: 'What each scope of the caller comes to now (当前可做事项)',
  })
  async may(@Root() me: Me, @Ctx() { tenants, access }: TenantsContext): Promise<AccessDecision[]> {
    const [tenant, facts] = [await tenants.visible(me.tenant), await access.facts(me.tenant)];
    const permissions = new Set(facts.scopes.map(({ category, action }) => `${category}:${action}`));
    return [...permissions].sort().map((permission) => {
      const [category = '', action = ''] = permission.split(':');
      return explainAccess(tenant, facts, { category, action, purpose: me.purpose });
    });
  }

  @ForAnyCaller()
  @Query(() => AccessDecision, {
    nullable: true,
    description: 'May this tenant, and why or why not (授权判定)',
  })
  async accessDecision(
    @Args() args: AccessDecisionArguments,
    @Ctx() { tenants, access, session }: TenantsContext,
  ): Promise<AccessDecision> {
    const { caller, reach } = session.grant;
    if (args.tenant && args.tenant !== caller.tenant) mustSeeAll(reach);
    const tenant = await tenants.visible(args.tenant ?? caller.tenant);
    return explainAccess(tenant, await access.facts(tenant.id), {
      ...args,
      purpose: args.purpose ?? session.grant.purpose,
    });
  }
}

const FACTS_OF_OTHERS = ['tenants:read', 'purposes:read', 'scopes:read', 'consents:read'] as const;

/** A decision about another tenant out of half its facts would be wrong, not incomplete. */
function mustSeeAll(reach: Session['grant']['reach']): void {
  const missing = FACTS_OF_OTHERS.find((permission) => !reach[permission]);
  if (missing)
    throw new Refusal('SCOPE_MISSING', { message: `To ask about another tenant you need ${missing}.` });
}
