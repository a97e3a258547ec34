import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../runtime/costs.js';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Building, Consumption, Enterprise, Meter } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import { ConsumptionPeriod, ConsumptionPeriodConnection } from './entities.js';
import {
  AreaSeriesArguments,
  AreaSumArguments,
  ItemSeriesArguments,
  ItemSumArguments,
  MeterSumArguments,
  SeriesArguments,
} from './inputs.js';

const SERIES = { nullable: true, description: 'The same by hours, days, months or years (用能量序列)' };

@Resolver(() => Consumption)
export class ConsumptionResolver {
  @Guarded('readings:read', 'meters:read')
  @Costs(5)
  @Query(() => Consumption, {
    nullable: true,
    description: 'What an area used of one energy item (区域用能量)',
  })
  consumption(@Args() args: AreaSumArguments, @Ctx() { consumption }: MeteringContext): Promise<Consumption> {
    return consumption.ofArea(args);
  }

  @Guarded('readings:read', 'meters:read')
  @Costs(5)
  @Query(() => ConsumptionPeriodConnection, SERIES)
  consumptionSeries(
    @Args() args: AreaSeriesArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Page<ConsumptionPeriod>> {
    return consumption.seriesOfArea(args);
  }

  @FieldResolver(() => Int, { description: 'Meters with at least one value (有数据的计量器具数)' })
  meters(@Root() { meters }: Consumption): number | Promise<number> {
    return typeof meters === 'function' ? meters() : meters;
  }
}

@Resolver(() => Meter)
export class MeterConsumptionResolver {
  @Costs(5)
  @FieldResolver(() => Consumption, { nullable: true, description: 'Its total over a period (用能量)' })
  consumption(
    @Root() { id }: Meter,
    @Args() args: MeterSumArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Consumption> {
    return consumption.ofMeter.sum.load(id, args);
  }

  @Costs(5)
  @FieldResolver(() => ConsumptionPeriodConnection, SERIES)
  consumptionSeries(
    @Root() { id }: Meter,
    @Args() args: SeriesArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Page<ConsumptionPeriod>> {
    return consumption.ofMeter.series.load(id, args);
  }
}

@Resolver(() => Building)
export class BuildingConsumptionResolver {
  @Guarded('meters:read')
  @Costs(5)
  @FieldResolver(() => Consumption, {
    nullable: true,
    description: 'What the building used of one energy item (建筑用能量)',
  })
  consumption(
    @Root() { id }: Building,
    @Args() args: ItemSumArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Consumption> {
    return consumption.ofBuilding.sum.load(id, args);
  }

  @Guarded('meters:read')
  @Costs(5)
  @FieldResolver(() => ConsumptionPeriodConnection, SERIES)
  consumptionSeries(
    @Root() { id }: Building,
    @Args() args: ItemSeriesArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Page<ConsumptionPeriod>> {
    return consumption.ofBuilding.series.load(id, args);
  }
}

@Resolver(() => Enterprise)
export class EnterpriseConsumptionResolver {
  @Guarded('meters:read')
  @Costs(5)
  @FieldResolver(() => Consumption, {
    nullable: true,
    description: 'What the enterprise used of one energy item (单位用能量)',
  })
  consumption(
    @Root() { uscc }: Enterprise,
    @Args() args: ItemSumArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Consumption> {
    return consumption.ofEnterprise.sum.load(uscc, args);
  }

  @Guarded('meters:read')
  @Costs(5)
  @FieldResolver(() => ConsumptionPeriodConnection, SERIES)
  consumptionSeries(
    @Root() { uscc }: Enterprise,
    @Args() args: ItemSeriesArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<Page<ConsumptionPeriod>> {
    return consumption.ofEnterprise.series.load(uscc, args);
  }
}
