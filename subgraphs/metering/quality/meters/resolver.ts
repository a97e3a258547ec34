import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { Enterprise, Meter } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import { MeterFindingCount, MissingMeterDay, MissingMeterDayConnection } from './entities.js';
import { MeterFindingCountsArguments, MissingMeterDaysArguments } from './inputs.js';

@Resolver(() => MeterFindingCount)
export class MeterFindingCountResolver {
  @Guarded('quality:read')
  @Query(() => [MeterFindingCount], {
    nullable: true,
    description: 'The meters with most findings, of all that are in force and in reach (问题最多的计量器具)',
  })
  meterFindingCounts(
    @Args() args: MeterFindingCountsArguments,
    @Ctx() { meterQuality }: MeteringContext,
  ): Promise<MeterFindingCount[]> {
    return meterQuality.counts(args);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meterId }: MeterFindingCount, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meterId);
  }
}

@Resolver(() => MissingMeterDay)
export class MissingMeterDayResolver {
  @Guarded('quality:read')
  @Query(() => MissingMeterDayConnection, {
    nullable: true,
    description:
      'Meters in use of which nothing of a day is here, as the night counted it (未上传的计量器具)',
  })
  missingMeterDays(
    @Args() args: MissingMeterDaysArguments,
    @Ctx() { meterQuality }: MeteringContext,
  ): Promise<Page<MissingMeterDay>> {
    return meterQuality.missing(args);
  }

  @FieldResolver(() => ID, { description: 'Meter (计量器具编号)' })
  meterId(@Root() { meter }: MissingMeterDay): string {
    return meter;
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: MissingMeterDay, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Owner of the meter (用能单位)' })
  owner(@Root() { subject }: MissingMeterDay): Enterprise {
    return { uscc: subject };
  }
}
