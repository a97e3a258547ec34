import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Decimal, LocalDate } from '../../../runtime/scalars.js';

@ArgsType()
export class QualityIndexArguments {
  @Field(() => ID, { nullable: true, description: 'Meter (计量器具)' })
  meterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Unified social credit code of the owner (用能单位)' })
  enterpriseUscc?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day, at most 366 from the first (截止日期)' })
  to!: string;
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
