import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Decimal, LocalDate } from '../../../runtime/scalars.js';
import { FindingCountsArguments } from '../inputs.js';

@ArgsType()
export class QualityIndexArguments extends FindingCountsArguments {
  @Field(() => ID, { nullable: true, description: 'Meter (计量器具)' })
  meterId?: string | null;
}

@InputType({ description: 'What a meter used in a month, as reported otherwise than by days (月报数据)' })
export class ReportedMonthInput {
  @Field(() => ID, { description: 'Meter (计量器具)' })
  meterId!: string;

  @Field(() => LocalDate, { description: 'First day of the month (月份)' })
  month!: string;

  @Field(() => Decimal, { description: 'In the unit of the meter (用量)' })
  value!: string;
}
