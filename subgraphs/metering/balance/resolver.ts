import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../runtime/costs.js';
import { Guarded } from '../../runtime/guarded.js';
import { CoalEquivalent } from '../coal/entities.js';
import { CoalArguments } from '../coal/inputs.js';
import { Building, Enterprise } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import { comprehensive } from './comprehensive.js';
import { ComprehensiveEnergy, EnergyBreakdown, Remainder } from './entities.js';
import { BreakdownArguments, ComprehensiveArguments } from './inputs.js';

@Resolver(() => Building)
export class BuildingBalanceResolver {
  @Guarded('meters:read')
  @Costs(10)
  @FieldResolver(() => EnergyBreakdown, {
    nullable: true,
    description: 'An energy class of the building by its items, as measured (建筑能耗分项平衡, 仅实测)',
  })
  energyBreakdown(
    @Root() { id }: Building,
    @Args() args: BreakdownArguments,
    @Ctx() { balances }: MeteringContext,
  ): Promise<EnergyBreakdown> {
    return balances.ofBuilding.load(id, args);
  }
}

@Resolver(() => Enterprise)
export class EnterpriseBalanceResolver {
  @Guarded('meters:read')
  @Costs(10)
  @FieldResolver(() => EnergyBreakdown, {
    nullable: true,
    description: 'An energy class of the enterprise by its items, as measured (用能单位能耗分项平衡, 仅实测)',
  })
  energyBreakdown(
    @Root() { uscc }: Enterprise,
    @Args() args: BreakdownArguments,
    @Ctx() { balances }: MeteringContext,
  ): Promise<EnergyBreakdown> {
    return balances.ofEnterprise.load(uscc, args);
  }
}

@Resolver(() => Remainder)
export class RemainderResolver {
  @FieldResolver(() => CoalEquivalent, {
    nullable: true,
    description: 'The measured remainder as standard coal (折标准煤量, 仅实测)',
  })
  coalEquivalent(
    @Root() { amount: total, ...rest }: Remainder,
    @Args() asked: CoalArguments,
    @Ctx() { coal }: MeteringContext,
  ): Promise<CoalEquivalent> {
    return coal.equivalent({ ...rest, total }, asked);
  }
}

@Resolver(() => ComprehensiveEnergy)
export class ComprehensiveEnergyResolver {
  @Guarded('readings:read', 'meters:read')
  @Costs(100)
  @Query(() => ComprehensiveEnergy, {
    nullable: true,
    description:
      'What an enterprise used in a year, all classes as standard coal, of measured values alone (用能单位年综合能耗, 仅实测)',
  })
  comprehensiveEnergy(
    @Args() args: ComprehensiveArguments,
    @Ctx() context: MeteringContext,
  ): Promise<ComprehensiveEnergy> {
    return comprehensive(args, context);
  }
}
