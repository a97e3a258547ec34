import { ArgsType, Field } from 'type-graphql';
import { LocalDate } from '../../../runtime/scalars.js';
import { SuppliedArguments } from '../inputs.js';

@ArgsType()
export class SupplyDifferencesArguments extends SuppliedArguments {
  @Field(() => LocalDate, { description: 'First day; periods that overlap with the days count (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day; at most 800 days (截止日期)' })
  to!: string;

  @Field(() => String, { nullable: true, description: 'Only those in this state (比对结果)' })
  state?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only periods that overlap with another of the customer and item, or only others (是否重叠)',
  })
  isOverlapping?: boolean | null;
}
