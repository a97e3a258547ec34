import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

@InputType({ description: 'A consent to record (同意登记)' })
export class ConsentInput {
  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the subject (行政区划代码)' })
  area!: string;

  @Field(() => ID, { description: 'The tenant that may receive it (接收方)' })
  recipient!: string;

  @Field(() => [String], { description: 'Categories (数据类别)' })
  categories!: string[];

  @Field(() => String, { description: 'The one purpose (用途)' })
  purpose!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  validFrom!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  validTo!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the paper’s scan (纸质同意书哈希)' })
  evidenceSha256?: string | null;
}

@ArgsType()
export class ConsentsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Data subject (数据主体)' })
  subject?: string | null;

  @Field(() => ID, { nullable: true, description: 'Recipient (接收方)' })
  recipient?: string | null;

  @Field(() => String, { nullable: true, description: 'GRANTED or REVOKED (状态)' })
  status?: string | null;
}
