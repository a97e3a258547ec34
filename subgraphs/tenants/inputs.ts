import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';

@InputType({ description: 'A tenant to register (单位登记)' })
export class TenantInput {
  @Field(() => ID, { description: 'Short name: lower-case letters, digits and hyphens (单位标识)' })
  id!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  name!: string;

  @Field(() => String, { description: 'NATIONAL, MUNICIPAL, DISTRICT, ENTERPRISE or THIRD_PARTY (层级)' })
  tier!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Unified social credit code; needed for an enterprise (统一社会信用代码)',
  })
  uscc?: string | null;
}

@ArgsType()
export class TenantsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Tier (层级)' })
  tier?: string | null;

  @Field(() => String, { nullable: true, description: 'Status (状态)' })
  status?: string | null;
}
