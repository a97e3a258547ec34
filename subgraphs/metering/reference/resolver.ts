import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { MeteringContext } from '../resolver.js';
import { EnergyItem, EnergyItemConnection, EnergyUnit, EnergyUnitConnection } from './entities.js';

@Resolver(() => EnergyItem)
export class EnergyItemResolver {
  @ForAnyCaller()
  @Query(() => EnergyItemConnection, { description: 'Energy classes and sub-items (能耗分类分项代码)' })
  energyItems(
    @Args() request: PageArguments,
    @Ctx() { energyItems }: MeteringContext,
  ): Promise<Page<EnergyItem>> {
    return energyItems.list(request);
  }

  @ForAnyCaller()
  @Query(() => EnergyUnitConnection, { description: 'Units of each energy class (各能耗分类的计量单位)' })
  energyUnits(
    @Args() request: PageArguments,
    @Ctx() { energyItems }: MeteringContext,
  ): Promise<Page<EnergyUnit>> {
    return energyItems.units(request);
  }
}
