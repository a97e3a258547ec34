import { ArgsType, Field, ID } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@ArgsType()
export class SupplyDifferencesArguments extends PageArguments {
  @Field(() => LocalDate, { description: 'First day; periods that overlap with the days count (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day; at most 800 days (截止日期)' })
  to!: string;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code of where it was supplied (行政区划)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Supplier (供能企业)' })
  supplier?: string | null;

  @Field(() => String, { nullable: true, description: 'Customer number (用户编号)' })
  customer?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Energy item, or the first of its characters (分项代码)',
  })
  energyItem?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those in this state (比对结果)' })
  state?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only periods that overlap with another of the customer and item, or only others (是否重叠)',
  })
  isOverlapping?: boolean | null;
}
