import { ArgsType, Field, ID } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

@ArgsType()
export class ErasureNoticesArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Data subject (数据主体)' })
  subject?: string | null;

  @Field(() => ID, { nullable: true, description: 'Recipient (接收方)' })
  recipient?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'OPEN, OVERDUE (open, and its time over) or ACKNOWLEDGED (状态)',
  })
  state?: string | null;
}

@ArgsType()
export class AcknowledgeErasureArguments {
  @Field(() => ID, { description: 'The notice (通知编号)' })
  id!: string;

  @Field(() => Instant, { description: 'When it was erased (删除时间)' })
  erasedAt!: string;

  @Field(() => String, { description: 'How: what was erased, and by what means (删除方式)' })
  method!: string;
}
