import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { BuildingsContext } from '../resolver.js';
import {
  BuildingFunction,
  BuildingFunctionConnection,
  BuildingType,
  BuildingTypeConnection,
} from './entities.js';

@Resolver()
export class BuildingCodeResolver {
  @ForAnyCaller()
  @Query(() => BuildingTypeConnection, { description: 'Types of buildings (建筑类型代码)' })
  buildingTypes(
    @Args() request: PageArguments,
    @Ctx() { buildingCodes }: BuildingsContext,
  ): Promise<Page<BuildingType>> {
    return buildingCodes.types(request);
  }

  @ForAnyCaller()
  @Query(() => BuildingFunctionConnection, {
    description:
      'Functions of buildings; the codes are ours, the names those of the Shanghai platform (建筑功能代码)',
  })
  buildingFunctions(
    @Args() request: PageArguments,
    @Ctx() { buildingCodes }: BuildingsContext,
  ): Promise<Page<BuildingFunction>> {
    return buildingCodes.functions(request);
  }
}
