import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Consumption } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import { CoalCoefficient, CoalCoefficientConnection, CoalEquivalent } from './entities.js';
import { CoalArguments, CoalCoefficientInput, CoalCoefficientsArguments } from './inputs.js';

@Resolver(() => CoalCoefficient)
export class CoalCoefficientResolver {
  @ForAnyCaller()
  @Query(() => CoalCoefficientConnection, {
    description:
      'Coefficients of standard coal: of the standard, and those that areas gave (折标准煤系数列表)',
  })
  coalCoefficients(
    @Args() args: CoalCoefficientsArguments,
    @Ctx() { coal }: MeteringContext,
  ): Promise<Page<CoalCoefficient>> {
    return coal.list(args);
  }

  @Guarded('scopes:write')
  @Mutation(() => CoalCoefficient, {
    nullable: true,
    description:
      'Adds a coefficient for an area and a year, as its admin; earlier versions stay (新增区域系数)',
  })
  addCoefficient(
    @Arg('coefficient', () => CoalCoefficientInput) input: CoalCoefficientInput,
    @Ctx() { coal }: MeteringContext,
  ): Promise<CoalCoefficient> {
    return coal.add(input);
  }
}

@Resolver(() => Consumption)
export class CoalEquivalentResolver {
  @FieldResolver(() => CoalEquivalent, {
    nullable: true,
    description:
      'The measured total as standard coal; what was estimated stands apart and is in none; null when nothing was summed (折标准煤量, 仅实测)',
  })
  async coalEquivalent(
    @Root() { unit, energyItem, ...sum }: Consumption,
    @Args() asked: CoalArguments,
    @Ctx() { coal }: MeteringContext,
  ): Promise<CoalEquivalent | null> {
    return unit === null || energyItem === null ? null : coal.equivalent({ ...sum, unit, energyItem }, asked);
  }
}
