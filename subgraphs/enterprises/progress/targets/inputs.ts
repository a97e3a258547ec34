import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { Decimal, LocalDate } from '../../../runtime/scalars.js';

@InputType({ description: 'A target of an area; it replaces the one of the same class and day (接入目标)' })
export class AccessTargetInput {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'BAIJIA, QIANJIA or WANJIA (重点用能单位类别)' })
  unitClass!: string;

  @Field(() => LocalDate, { description: 'By the end of this day (完成期限)' })
  until!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Per cent, 0 to 100; 0 takes the target back; this or units (应完成比例)',
  })
  share?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of units of the area itself; 0 takes the target back; this or share (应完成家数)',
  })
  units?: number | null;

  @Field(() => String, { description: 'Where it was laid down (来源)' })
  source!: string;
}

@InputType({ description: 'A figure by which progress is measured in an area (接入进度判定参数)' })
export class AccessSettingInput {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => String, {
    description: 'UPLOAD_DAYS, DAY_DEADLINE, DAY_COMPLETENESS or REPORT_DUE_DAY (参数代码)',
  })
  code!: string;

  @Field(() => Decimal, { description: 'Value (取值)' })
  value!: string;

  @Field(() => String, { description: 'Where it was laid down (来源)' })
  source!: string;
}

@ArgsType()
export class AccessTargetsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
