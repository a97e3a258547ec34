import { ArgsType, Field, registerEnumType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant, LocalDate } from '../../runtime/scalars.js';
import { ConsumptionArguments, ItemPeriodArguments, PeriodArguments } from '../inputs.js';

/** How long each period of a series is. */
export enum Step {
  HOUR = 'HOUR',
  DAY = 'DAY',
  MONTH = 'MONTH',
  YEAR = 'YEAR',
}
registerEnumType(Step, {
  name: 'Step',
  description: 'How long each period of a series is (统计步长)',
  valuesConfig: {
    HOUR: { description: 'Hours of the day on the meter’s own clock (逐时)' },
    DAY: { description: 'Days (逐日)' },
    MONTH: { description: 'Months (逐月)' },
    YEAR: { description: 'Years (逐年)' },
  },
});

const AS_OF = {
  nullable: true,
  description: 'The figures as they were recorded at that moment; now by default (截至时刻)',
};

const WITH_ESTIMATES = {
  nullable: true,
  description:
    'Whether to say beside what was measured what was estimated; the total is of measured values alone either way (附带估算值)',
};

@ArgsType()
export class MeterSumArguments extends PeriodArguments {
  @Field(() => Instant, AS_OF)
  asOf?: string | null;

  @Field(() => Boolean, WITH_ESTIMATES)
  withEstimates?: boolean | null;
}

@ArgsType()
export class ItemSumArguments extends ItemPeriodArguments {
  @Field(() => Instant, AS_OF)
  asOf?: string | null;

  @Field(() => Boolean, WITH_ESTIMATES)
  withEstimates?: boolean | null;
}

@ArgsType()
export class AreaSumArguments extends ConsumptionArguments {
  @Field(() => Instant, AS_OF)
  asOf?: string | null;

  @Field(() => Boolean, WITH_ESTIMATES)
  withEstimates?: boolean | null;
}

@ArgsType()
export class SeriesArguments extends PageArguments {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => Step, { description: 'How long each period is (统计步长)' })
  step!: Step;

  @Field(() => Instant, AS_OF)
  asOf?: string | null;

  @Field(() => Boolean, WITH_ESTIMATES)
  withEstimates?: boolean | null;
}

@ArgsType()
export class ItemSeriesArguments extends SeriesArguments {
  @Field(() => String, {
    defaultValue: '01000',
    description:
      'Energy item, summed over the gate meters for a class, else over its outermost meters: one below another of the same item is not counted again (能耗分类分项代码)',
  })
  energyItem!: string;
}

@ArgsType()
export class AreaSeriesArguments extends ItemSeriesArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
