import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { EnterprisesContext } from '../resolver.js';
import { Industry, IndustryConnection } from './entities.js';

@Resolver(() => Industry)
export class IndustryResolver {
  @ForAnyCaller()
  @Query(() => IndustryConnection, { description: 'Industries (国民经济行业代码)' })
  industries(
    @Args() request: PageArguments,
    @Ctx() { industries }: EnterprisesContext,
  ): Promise<Page<Industry>> {
    return industries.list(request);
  }
}
