import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import type { MeteringContext } from '../resolver.js';
import { Supply, SupplyConnection } from './entities.js';
import { SuppliesArguments } from './inputs.js';

@Resolver(() => Supply)
export class SupplyResolver {
  @Guarded('supplies:read')
  @Query(() => SupplyConnection, {
    nullable: true,
    description:
      'What suppliers reported, the latest period first: a supplier sees its own uploads alone (供能记录列表)',
  })
  supplies(@Args() args: SuppliesArguments, @Ctx() { supplies }: MeteringContext): Promise<Page<Supply>> {
    return supplies.list(args);
  }
}
