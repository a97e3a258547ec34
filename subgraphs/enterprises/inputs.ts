import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Decimal } from '../runtime/scalars.js';

@InputType({
  description:
    'An enterprise to register; of one that is registered, what is left out stays as it is and null clears it (用能单位登记)',
})
export class EnterpriseInput {
  @Field(() => ID, {
    description: 'Unified social credit code, GB 32100, with its check character (统一社会信用代码)',
  })
  uscc!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  name!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Industry, GB/T 4754: a section letter, or two to four digits (行业代码)',
  })
  industry?: string | null;

  @Field(() => String, { nullable: true, description: 'BAIJIA, QIANJIA, WANJIA or null (重点用能单位类别)' })
  unitClass?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Last year’s comprehensive energy, tce, equivalent value (上年综合能耗)',
  })
  annualTce?: string | null;
}

@ArgsType()
export class EnterprisesArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 4754 code; classes nest by prefix (行业代码)' })
  industry?: string | null;

  @Field(() => String, { nullable: true, description: 'BAIJIA, QIANJIA or WANJIA (重点用能单位类别)' })
  unitClass?: string | null;
}
