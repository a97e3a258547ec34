import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../runtime/scalars.js';
import { CoalEquivalent } from '../coal/entities.js';
import { CoalArguments } from '../coal/inputs.js';
import { lastDayOf } from '../rollups/periods.js';
import type { MeteringContext } from '../resolver.js';
import {
  StatisticsCell,
  StatisticsCellConnection,
  StatisticsEdition,
  StatisticsEditionConnection,
  StatisticsReceipt,
  Withheld,
} from './entities.js';
import {
  CellsArguments,
  EditionArguments,
  EditionsArguments,
  StatisticsAcknowledgementArguments,
} from './inputs.js';

@Resolver(() => StatisticsEdition)
export class StatisticsEditionResolver {
  @Guarded('statistics:read')
  @Query(() => StatisticsEdition, {
    nullable: true,
    description: 'Published statistics of a month, the latest revision by default (月度分类统计)',
  })
  statisticsEdition(
    @Args() args: EditionArguments,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<StatisticsEdition | null> {
    return statistics.edition(args);
  }

  @Guarded('statistics:read')
  @Query(() => StatisticsEditionConnection, {
    nullable: true,
    description: 'Published statistics, latest month first (分类统计发布列表)',
  })
  statisticsEditions(
    @Args() args: EditionsArguments,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<Page<StatisticsEdition>> {
    return statistics.editions(args);
  }

  @Guarded('statistics:approve', 'buildings:read')
  @Mutation(() => StatisticsEdition, {
    nullable: true,
    description:
      'Publishes a month of the caller’s city, or its next revision where figures have changed (发布月度统计)',
  })
  publishStatistics(
    @Arg('month', () => LocalDate, { description: 'First day of the month (月份)' }) month: string,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<StatisticsEdition> {
    return statistics.publish(month);
  }

  @Guarded('statistics:read')
  @Mutation(() => StatisticsReceipt, {
    nullable: true,
    description: 'Confirms that an edition arrived whole, by the hash the recipient computed (统计发布确认)',
  })
  acknowledgeStatistics(
    @Args() args: StatisticsAcknowledgementArguments,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<StatisticsReceipt> {
    return statistics.acknowledge(args);
  }

  @FieldResolver(() => StatisticsCellConnection, { description: 'Its figures (统计单元)' })
  cells(
    @Root() { id }: StatisticsEdition,
    @Args() args: CellsArguments,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<Page<StatisticsCell>> {
    return statistics.cellsOf.load(id, args);
  }

  @FieldResolver(() => Instant, {
    nullable: true,
    description: 'When the caller acknowledged it (本单位确认时间)',
  })
  async acknowledgedAt(
    @Root() { id }: StatisticsEdition,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<string | null> {
    return (await statistics.receiptOf.load(id))?.acknowledgedAt ?? null;
  }

  @Guarded('statistics:approve')
  @FieldResolver(() => [StatisticsReceipt], {
    nullable: true,
    description:
      'Receipts of all who acknowledged it; where another area publishes it the caller’s alone (全部回执)',
  })
  receipts(
    @Root() { id }: StatisticsEdition,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<StatisticsReceipt[]> {
    return statistics.receiptsOf.load(id);
  }

  @Guarded('statistics:approve')
  @FieldResolver(() => [ID], {
    nullable: true,
    description:
      'Areas in it of which no platform has acknowledged it; null where another area publishes it (未确认区域)',
  })
  unacknowledged(
    @Root() edition: StatisticsEdition,
    @Ctx() { statistics }: MeteringContext,
  ): Promise<string[]> | null {
    return statistics.isPublisherOf(edition) ? statistics.unacknowledgedOf.load(edition.id) : null;
  }
}

@Resolver(() => StatisticsCell)
export class StatisticsCellResolver {
  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Total a m² of floor; null where either is not told (单位建筑面积能耗)',
  })
  perSquareMetre(
    @Root() { total, floorAreaM2 }: StatisticsCell,
    @Ctx() { quotients }: MeteringContext,
  ): Promise<string> | null {
    return total === null || floorAreaM2 === null ? null : quotients.of(total, floorAreaM2);
  }

  @FieldResolver(() => CoalEquivalent, {
    nullable: true,
    description: 'As standard coal; null where the total is not told (折标准煤量)',
  })
  async coalEquivalent(
    @Root() { edition, area, energyItem, unit, total }: StatisticsCell,
    @Args() asked: CoalArguments,
    @Ctx() { statistics, coal }: MeteringContext,
  ): Promise<CoalEquivalent | null> {
    const published = total === null ? null : await statistics.byId.load(edition);
    if (total === null || !published) return null;
    const { month: from } = published;
    const amount = { from, to: lastDayOf('MONTH', from), total, unit, energyItem, areas: [area] };
    return coal.equivalent(amount, asked);
  }

  @FieldResolver(() => Withheld, { nullable: true, description: 'Why it is not told (不公布原因)' })
  withheld(@Root() { state }: StatisticsCell): Withheld | null {
    return state === 'TOLD' || state === 'KEPT' ? null : Withheld[state];
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether it still says what an earlier revision said, because the change would tell of too few (沿用前次数值)',
  })
  isKept(@Root() { state }: StatisticsCell): boolean {
    return state === 'KEPT';
  }
}
