import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import type { MeteringContext } from '../../resolver.js';
import { SupplyTolerance, SupplyToleranceInput } from './entities.js';

@Resolver(() => SupplyTolerance)
export class SupplyToleranceResolver {
  @ForAnyCaller()
  @Query(() => [SupplyTolerance], {
    description: 'How far supplied and metered may differ, by energy and area (供用允许差列表)',
  })
  supplyTolerances(@Ctx() { tolerances }: MeteringContext): Promise<SupplyTolerance[]> {
    return tolerances.list();
  }

  @Guarded('scopes:write')
  @Mutation(() => SupplyTolerance, {
    nullable: true,
    description: 'Sets a tolerance for an area, as its admin; it replaces what was set (设置供用允许差)',
  })
  setSupplyTolerance(
    @Arg('tolerance', () => SupplyToleranceInput) input: SupplyToleranceInput,
    @Ctx() { tolerances }: MeteringContext,
  ): Promise<SupplyTolerance> {
    return tolerances.set(input);
  }
}
