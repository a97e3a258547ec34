import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { bigDecimalText } from '../readings/decimal-text.js';
import { decimalText } from '../../runtime/decimal.js';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Decimal, Series } from '../../runtime/scalars.js';
import { QualityCase } from '../cases/entities.js';
import { CaseStepArguments } from '../cases/inputs.js';
import { Meter } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import {
  DayEstimate,
  DayEstimateConnection,
  EstimateParameter,
  EstimateSource,
  type MeterInterval,
  MeterIntervalConnection,
} from './entities.js';
import {
  DayEstimatesArguments,
  EstimateArguments,
  IntervalsArguments,
  WithdrawEstimateArguments,
} from './inputs.js';

@Resolver(() => DayEstimate)
export class EstimateResolver {
  @Guarded('quality:read', 'readings:read', 'meters:read')
  @Query(() => [DayEstimate], {
    nullable: true,
    description: 'What estimateDays would store now, storing nothing (估算预览)',
  })
  estimatePreview(
    @Arg('id', () => ID, { description: 'The case, cas_… (处置单)' }) id: string,
    @Args() asked: EstimateArguments,
    @Ctx() { estimates }: MeteringContext,
  ): Promise<DayEstimate[]> {
    return estimates.preview({ id, ...asked });
  }

  @Guarded('quality:write', 'readings:read', 'meters:read')
  @Mutation(() => [DayEstimate], {
    nullable: true,
    description:
      'Estimates what is missing of days of a case and says so in it; measured values stay as they are (估算缺失数据)',
  })
  estimateDays(
    @Args() step: CaseStepArguments,
    @Args() asked: EstimateArguments,
    @Ctx() { estimates }: MeteringContext,
  ): Promise<DayEstimate[]> {
    return estimates.store({ ...step, ...asked });
  }

  @Guarded('quality:write', 'readings:read')
  @Mutation(() => DayEstimate, {
    nullable: true,
    description:
      'Takes the estimate of a day back, of a counter all of the gap with it; what it was stays to be seen (撤回估算)',
  })
  withdrawEstimate(
    @Args() args: WithdrawEstimateArguments,
    @Ctx() { estimates }: MeteringContext,
  ): Promise<DayEstimate> {
    return estimates.withdraw(args);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: DayEstimate, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }

  @FieldResolver(() => QualityCase, { nullable: true, description: 'The case in which it was made (处置单)' })
  case(@Root() { caseId }: DayEstimate, @Ctx() { cases }: MeteringContext): Promise<QualityCase | null> {
    return cases.byId.load(caseId);
  }

  @FieldResolver(() => Series, { description: 'The values, null where none is estimated (估算序列)' })
  values(@Root() { values, scale }: DayEstimate): (string | null)[] {
    return decimals(values, scale);
  }

  @FieldResolver(() => Series, {
    description: 'The measured values for which estimates stand in, null elsewhere (被替代的实测值)',
  })
  replaced(@Root() { replaced, scale }: DayEstimate): (string | null)[] {
    return decimals(replaced, scale);
  }

  @FieldResolver(() => Decimal, { description: 'Exact sum of the estimated values (估算合计)' })
  total(@Root() { total, scale }: DayEstimate): string {
    return bigDecimalText(BigInt(total), scale);
  }

  @FieldResolver(() => Decimal, {
    description:
      'Exact sum of the measured values for which estimates stand in: whoever adds estimates to what was measured takes it off (被替代的实测合计)',
  })
  replacedTotal(@Root() { replacedTotal, scale }: DayEstimate): string {
    return bigDecimalText(BigInt(replacedTotal), scale);
  }

  @FieldResolver(() => [EstimateParameter], { description: 'What it rests on (估算参数)' })
  parameters(@Root() { parameters }: DayEstimate): EstimateParameter[] {
    return Object.entries(parameters)
      .map(([name, value]) => ({ name, value }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  @FieldResolver(() => [EstimateSource], { description: 'The measured days it was made from (估算依据日)' })
  madeFrom(@Root() { madeFrom }: DayEstimate): EstimateSource[] {
    return madeFrom;
  }
}

@Resolver(() => Meter)
export class EstimatesOfMeterResolver {
  @FieldResolver(() => DayEstimateConnection, {
    nullable: true,
    description: 'Its days of estimated values, those in force (日估算数据)',
  })
  estimates(
    @Root() { id }: Meter,
    @Args() args: DayEstimatesArguments,
    @Ctx() { estimates }: MeteringContext,
  ): Promise<Page<DayEstimate>> {
    return estimates.ofMeter.load(id, args);
  }

  @FieldResolver(() => MeterIntervalConnection, {
    nullable: true,
    description:
      'The intervals of a day and where each value comes from; empty where there is nothing (区间数据)',
  })
  intervals(
    @Root() { id }: Meter,
    @Args() args: IntervalsArguments,
    @Ctx() { estimates }: MeteringContext,
  ): Promise<Page<MeterInterval>> {
    return estimates.intervals.load(id, args);
  }
}

function decimals(values: readonly (string | null)[], scale: number): (string | null)[] {
  return values.map((value) => (value === null ? null : decimalText(value, scale)));
}
