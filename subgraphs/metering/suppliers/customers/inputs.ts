import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@InputType({ description: 'The meters that a customer number stands for (用户编号对应关系)' })
export class CustomerLinkInput {
  @Field(() => ID, { description: 'Tenant whose customer it is (供能企业)' })
  supplier!: string;

  @Field(() => String, { description: 'Customer number, exactly as the supplier writes it (用户编号)' })
  customer!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Energy item of the supplies; the total of the meter’s energy where it is left out (分项代码)',
  })
  energyItem?: string | null;

  @Field(() => [ID], { description: 'Meters, at most 100; they count together (计量器具)' })
  meters!: string[];

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  validFrom!: string;

  @Field(() => LocalDate, { nullable: true, description: 'First day on which it is no longer so (终止日期)' })
  validTo?: string | null;
}

@ArgsType()
export class CustomerLinksArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code (行政区划代码)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Supplier (供能企业)' })
  supplier?: string | null;

  @Field(() => String, { nullable: true, description: 'Customer number (用户编号)' })
  customer?: string | null;

  @Field(() => ID, { nullable: true, description: 'Meter (计量器具)' })
  meterId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Confirmed ones, or claims (是否确认)' })
  isConfirmed?: boolean | null;
}

@ArgsType()
export class CustomerCandidatesArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code of where it was supplied (行政区划)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Supplier (供能企业)' })
  supplier?: string | null;
}
