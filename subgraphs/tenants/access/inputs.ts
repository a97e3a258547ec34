import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class AccessDecisionArguments {
  @Field(() => ID, { nullable: true, description: 'Whose access; the caller’s own by default (单位标识)' })
  tenant?: string | null;

  @Field(() => String, { description: 'Category of data (数据类别)' })
  category!: string;

  @Field(() => String, { defaultValue: 'read', description: 'read or write (操作)' })
  action!: string;

  @Field(() => String, { nullable: true, description: 'Purpose; that of this request by default (用途)' })
  purpose?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'About which enterprise: unified social credit code (数据主体)',
  })
  subject?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where that enterprise or building lies, GB/T 2260 (行政区划代码)',
  })
  area?: string | null;

  @Field(() => String, { nullable: true, description: 'Which energy kind, two digits (能源种类)' })
  energyKind?: string | null;

  @Field(() => String, { nullable: true, description: 'Which building type, a letter (建筑类型)' })
  buildingType?: string | null;

  @Field(() => Int, { nullable: true, description: 'Which meter level of GB 17167, 1 to 3 (计量级别)' })
  meterLevel?: number | null;
}
