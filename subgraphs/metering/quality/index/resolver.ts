import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import type { MeteringContext } from '../../resolver.js';
import { QualityIndex, ReportedMonth } from './entities.js';
import { QualityIndexArguments, ReportedMonthInput } from './inputs.js';

@Resolver(() => QualityIndex)
export class QualityIndexResolver {
  @Guarded('quality:read')
  @Costs(200)
  @Query(() => QualityIndex, {
    nullable: true,
    description: 'Quality of the readings of a meter, an enterprise, an area or all in reach (数据质量指数)',
  })
  qualityIndex(
    @Args() args: QualityIndexArguments,
    @Ctx() { qualityIndices }: MeteringContext,
  ): Promise<QualityIndex> {
    return qualityIndices.total(args);
  }

  @Guarded('quality:read')
  @Costs(300)
  @Query(() => [QualityIndex], {
    nullable: true,
    description: 'The same day by day, of the days that were judged (逐日数据质量指数)',
  })
  qualityIndexSeries(
    @Args() args: QualityIndexArguments,
    @Ctx() { qualityIndices }: MeteringContext,
  ): Promise<QualityIndex[]> {
    return qualityIndices.byDay(args);
  }

  @Guarded('readings:write')
  @Mutation(() => [ReportedMonth], {
    nullable: true,
    description:
      'Reports what meters used in a month by other ways than their days, to be compared with them; all or none (报送月数据)',
  })
  reportMonths(
    @Arg('months', () => [ReportedMonthInput]) inputs: ReportedMonthInput[],
    @Ctx() { qualityIndices }: MeteringContext,
  ): Promise<ReportedMonth[]> {
    return qualityIndices.report(inputs);
  }
}
