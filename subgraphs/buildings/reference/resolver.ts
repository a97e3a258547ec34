import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { BuildingsContext } from '../resolver.js';
import { BuildingType, BuildingTypeConnection } from './entities.js';

@Resolver(() => BuildingType)
export class BuildingTypeResolver {
  @ForAnyCaller()
  @Query(() => BuildingTypeConnection, { description: 'Types of buildings (建筑类型代码)' })
  buildingTypes(
    @Args() request: PageArguments,
    @Ctx() { buildingTypes }: BuildingsContext,
  ): Promise<Page<BuildingType>> {
    return buildingTypes.list(request);
  }
}
