import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';

@InputType({ description: 'A parameter to change (规则参数变更)' })
export class QualityChangeInput {
  @Field(() => ID, { description: 'Rule (规则代码)' })
  rule!: string;

  @Field(() => String, { description: 'Name of the parameter, as qualityRules lists it (参数名)' })
  name!: string;

  @Field(() => Decimal, { description: 'Value, within its bounds (取值)' })
  value!: string;
}

@ArgsType()
export class ProposedEditionArguments {
  @Field(() => [QualityChangeInput], { description: 'What changes; the rest stays (变更内容)' })
  changes!: QualityChangeInput[];

  @Field(() => String, { description: 'Why, at most 2000 characters (理由)' })
  reason!: string;
}

/** Of what of which meters findings, and cases made of them, are asked for. */
@ArgsType()
export abstract class FoundArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Meter (计量器具)' })
  meterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Unified social credit code of the owner (用能单位)' })
  enterpriseUscc?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Rule (规则代码)' })
  rule?: string | null;
}

@ArgsType()
export class FindingsArguments extends FoundArguments {
  @Field(() => String, {
    nullable: true,
    description: 'Of rules that are NOTICE, WARNING or SEVERE (严重程度)',
  })
  severity?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day (起始日期)' })
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day (截止日期)' })
  to?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether those that have ceased to hold are listed too (含已失效)',
  })
  withSuperseded!: boolean;
}

/** Of whose meters, on which days, quality is counted. */
@ArgsType()
export class FindingCountsArguments {
  @Field(() => ID, { nullable: true, description: 'Unified social credit code of the owner (用能单位)' })
  enterpriseUscc?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day; of an index, at most 366 from the first (截止日期)' })
  to!: string;
}

@ArgsType()
export class ReplayArguments {
  @Field(() => Int, { description: 'The draft (草案版本号)' })
  edition!: number;

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
