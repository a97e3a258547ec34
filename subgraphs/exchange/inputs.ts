import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { LocalDate } from '../runtime/scalars.js';

@InputType({ description: 'Hash of one part as the recipient computed it (分卷哈希)' })
export class PartHashInput {
  @Field(() => Int, { description: 'Number of the part, from 1 (分卷号)' })
  number!: number;

  @Field(() => String, { description: 'SHA-256, hexadecimal (哈希)' })
  sha256!: string;
}

@ArgsType()
export class AcknowledgementArguments {
  @Field(() => ID, { description: 'The package (数据包编号)' })
  id!: string;

  @Field(() => String, { description: 'SHA-256 of the manifest as received (清单哈希)' })
  manifestSha256!: string;

  @Field(() => [PartHashInput], { description: 'Every part (各分卷)' })
  parts!: PartHashInput[];
}

@ArgsType()
export class BatchesArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'RECEIVING, COMPLETE or INTERRUPTED (状态)' })
  state?: string | null;

  @Field(() => ID, { nullable: true, description: 'Uploading tenant (上传单位)' })
  uploader?: string | null;
}

@ArgsType()
export class PackagesArguments extends PageArguments {
  @Field(() => LocalDate, { nullable: true, description: 'The day (日期)' })
  date?: string | null;
}
