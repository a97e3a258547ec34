import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class ApproveArguments {
  @Field(() => ID, { description: 'The tenant (单位标识)' })
  tenant!: string;

  @Field(() => Int, { description: '12, 24, 36, 48 or 60 (有效期，月)' })
  months!: number;

  @Field(() => String, { description: 'Why, in words (理由)' })
  reason!: string;
}
