import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import type { MeteringContext } from '../../resolver.js';
import { SupplyDifference, SupplyDifferenceConnection } from './entities.js';
import { SupplyDifferencesArguments } from './inputs.js';

@Resolver(() => SupplyDifference)
export class SupplyDifferenceResolver {
  @Guarded('supplies:read', 'readings:read', 'meters:read')
  @Costs(200)
  @Query(() => SupplyDifferenceConnection, {
    nullable: true,
    description:
      'What was supplied beside what was metered, as it stands now; a supplier is told nothing of meters (供用差异列表)',
  })
  supplyDifferences(
    @Args() args: SupplyDifferencesArguments,
    @Ctx() { differences }: MeteringContext,
  ): Promise<Page<SupplyDifference>> {
    return differences.list(args);
  }
}
