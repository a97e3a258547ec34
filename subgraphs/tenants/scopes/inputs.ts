import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

@InputType({ description: 'A scope to set (授权范围设置)' })
export class ScopeInput {
  @Field(() => ID, { description: 'The tenant it is for (单位标识)' })
  tenant!: string;

  @Field(() => String, { description: 'Category, see the README (数据类别)' })
  category!: string;

  @Field(() => String, { description: 'read or write (操作)' })
  action!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => [String], { description: 'Purposes it serves (用途)' })
  purposes!: string[];

  @Field(() => Instant, { nullable: true, description: 'Valid to; none is open (失效时间)' })
  validTo?: string | null;
}

@ArgsType()
export class ScopesArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Tenant (单位标识)' })
  tenant?: string | null;
}
