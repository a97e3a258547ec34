import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@ArgsType()
export class CalendarDaysArguments extends PageArguments {
  @Field(() => LocalDate, { nullable: true, description: 'First day (起始日期)' })
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day (截止日期)' })
  to?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those set for this area (行政区划代码)' })
  area?: string | null;
}

@ArgsType()
export class WorkingDayArguments {
  @Field(() => LocalDate, { description: 'Day from which to count; it is not counted (起算日期)' })
  from!: string;

  @Field(() => Int, { description: 'How many working days, 1 to 250 (工作日数)' })
  count!: number;

  @Field(() => String, { defaultValue: '100000', description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;
}

@InputType({ description: 'A day that is not what its weekday says (节假日或调休日)' })
export class CalendarDayInput {
  @Field(() => LocalDate, { description: 'Day (日期)' })
  date!: string;

  @Field(() => String, { description: 'HOLIDAY (放假) or WORKING_DAY (上班)' })
  kind!: string;

  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'What it is for, at most 100 characters (名称)' })
  nameZh!: string;

  @Field(() => String, { description: 'Where that is said (来源)' })
  source!: string;
}
