import { ArgsType, Field, ID } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { LocalDate } from '../../runtime/scalars.js';

/** Of what supplier, customer and energy supplies, and how they compare, are asked for. */
@ArgsType()
export abstract class SuppliedArguments extends PageArguments {
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
}

@ArgsType()
export class SuppliesArguments extends SuppliedArguments {
  @Field(() => ID, { nullable: true, description: 'Upload that brought them (上传批次)' })
  batch?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Only periods that begin on this day or later (起)',
  })
  from?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Only periods that begin on this day or before (止)',
  })
  to?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Earlier versions as well (含历史版本)' })
  versions!: boolean;
}
