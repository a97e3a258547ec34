import { ArgsType, Field, Int } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';
import { FindingCountsArguments } from '../inputs.js';

export const MOST_METERS = 100;

@ArgsType()
export class MeterFindingCountsArguments extends FindingCountsArguments {
  @Field(() => Int, { defaultValue: 20, description: `How many meters, 1 to ${MOST_METERS} (数量)` })
  most!: number;
}

@ArgsType()
export class MissingMeterDaysArguments extends PageArguments {
  @Field(() => LocalDate, { description: 'Day (日期)' })
  date!: string;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
