import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import type { EnterprisesContext } from '../../resolver.js';
import { AccessPlan, AccessPlanConnection } from './entities.js';
import { AccessPlanInput, AccessPlansArguments } from './inputs.js';

@Resolver(() => AccessPlan)
export class AccessPlanResolver {
  @Guarded('enterprises:read')
  @Query(() => AccessPlanConnection, {
    nullable: true,
    description: 'Plans to connect key units, all versions, the last first (接入计划)',
  })
  accessPlans(
    @Args() args: AccessPlansArguments,
    @Ctx() { plans }: EnterprisesContext,
  ): Promise<Page<AccessPlan>> {
    return plans.list(args);
  }

  @Guarded('enterprises:write')
  @Mutation(() => [AccessPlan], {
    nullable: true,
    description: 'Plans to connect key units, all or none; earlier plans stay readable (填报接入计划)',
  })
  planAccess(
    @Arg('plans', () => [AccessPlanInput]) inputs: AccessPlanInput[],
    @Ctx() { plans }: EnterprisesContext,
  ): Promise<AccessPlan[]> {
    return plans.plan(inputs);
  }
}
