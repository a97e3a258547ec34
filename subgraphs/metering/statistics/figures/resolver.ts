import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { Decimal } from '../../../runtime/scalars.js';
import { CoalEquivalent } from '../../coal/entities.js';
import { CoalArguments } from '../../coal/inputs.js';
import type { MeteringContext } from '../../resolver.js';
import { StatisticsFigure, StatisticsFigureConnection } from './entities.js';
import { StatisticsArguments } from './inputs.js';

@Resolver(() => StatisticsFigure)
export class StatisticsFigureResolver {
  @Guarded('readings:read', 'meters:read')
  @Costs(200)
  @Query(() => StatisticsFigureConnection, {
    nullable: true,
    description:
      'Exact figures of an area whose readings are all yours; of other areas see statisticsEdition (本区域分类统计)',
  })
  statistics(
    @Args() args: StatisticsArguments,
    @Ctx() { figures }: MeteringContext,
  ): Promise<Page<StatisticsFigure>> {
    return figures.figures(args);
  }

  @Guarded('buildings:read')
  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Floor area of its buildings, m²; null unless that of each is registered (建筑面积)',
  })
  floorAreaM2(@Root() figure: StatisticsFigure, @Ctx() { figures }: MeteringContext): Promise<string | null> {
    return figures.floorAreas.load(figure);
  }

  @Guarded('buildings:read')
  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Total a m² of floor; null where the floor area is (单位建筑面积能耗)',
  })
  async perSquareMetre(
    @Root() figure: StatisticsFigure,
    @Ctx() { figures, quotients }: MeteringContext,
  ): Promise<string | null> {
    const area = await figures.floorAreas.load(figure);
    return area === null ? null : quotients.of(figure.total, area);
  }

  @FieldResolver(() => CoalEquivalent, { nullable: true, description: 'As standard coal (折标准煤量)' })
  coalEquivalent(
    @Root() { from, to, total, unit, energyItem, areas }: StatisticsFigure,
    @Args() asked: CoalArguments,
    @Ctx() { coal }: MeteringContext,
  ): Promise<CoalEquivalent> {
    return coal.equivalent({ from, to, total, unit, energyItem, areas }, asked);
  }
}
