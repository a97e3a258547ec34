import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../../../gateway/errors.js';
import { declaredPurposes } from '../../../gateway/policy/purposes.js';
import { ForAnyCaller } from '../../runtime/guarded.js';
import type { Session } from '../../runtime/session.js';
import { AccessDecisionArguments } from './inputs.js';
import type { TenantsContext } from '../resolver.js';
import { areaAskedAbout, askedOf } from './asked.js';
import { AccessDecision, Me } from './entities.js';
import { Explanation, isApproved } from './explain.js';

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
    const [tenant, facts] = [await tenants.visible(me.tenant), await access.explained(me.tenant)];
    const permissions = new Set(facts.scopes.map(({ category, action }) => `${category}:${action}`));
    return [...permissions].sort().map((permission) => {
      const [category = '', action = ''] = permission.split(':');
      return new Explanation(askedOf(tenant, { category, action, purpose: me.purpose }), facts);
    });
  }

  @ForAnyCaller()
  @Query(() => AccessDecision, {
    nullable: true,
    description: 'May this tenant, why or why not, what would change it, what would end it (授权判定)',
  })
  async accessDecision(
    @Args() args: AccessDecisionArguments,
    @Ctx() { tenants, access, session }: TenantsContext,
  ): Promise<AccessDecision> {
    const { caller, purpose, reach } = session.grant;
    const isOther = Boolean(args.tenant && args.tenant !== caller.tenant);
    if (isOther) mustRead(reach);
    const tenant = await tenants.visible(args.tenant ?? caller.tenant);
    if (isOther && !(await access.seesAll(tenant.id))) throw notAllSeen(tenant.id);
    const question = { ...args, purpose: args.purpose ?? purpose };
    const facts = await access.explained(tenant.id);
    const area = await areaAskedAbout(tenant, question, facts, session);
    return new Explanation(askedOf(tenant, question, area), facts);
  }
}

const FACTS_OF_OTHERS = ['tenants:read', 'purposes:read', 'scopes:read', 'consents:read'] as const;

/** A decision about another tenant out of half its facts would be wrong, not incomplete. */
function mustRead(reach: Session['grant']['reach']): void {
  const missing = FACTS_OF_OTHERS.find((permission) => !reach[permission]);
  if (missing)
    throw new Refusal('SCOPE_MISSING', { message: `To ask about another tenant you need ${missing}.` });
}

function notAllSeen(tenant: string): Refusal {
  return new Refusal('ROW_OUT_OF_REACH', {
    rule: 'access/all-facts',
    message: `Not all that decides the access of ${tenant} lies in your reach.`,
    remedy: 'Ask a platform whose area holds the tenant and every enterprise that consented to it.',
  });
}
