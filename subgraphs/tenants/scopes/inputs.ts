import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

@InputType({ description: 'A scope to set (授权范围设置)' })
export class ScopeInput {
  @Field(() => ID, { description: 'The tenant it is for (单位标识)' })
  tenant!: string;

  @Field(() => String, { description: 'Category, see the README (数据类别)' })
  category!: string;

  @Field(() => String, {
    description: 'read, write, review_protocol, review_security or approve, as the category knows (操作)',
  })
  action!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds, two digits, for meters, readings and quality; none is all (能源种类)',
  })
  energyKinds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Building types, letters, for buildings, meters, readings, quality and audits; none is all (建筑类型)',
  })
  buildingTypes?: string[] | null;

  @Field(() => [String], { description: 'Purposes it serves; the tenant must have declared them (用途)' })
  purposes!: string[];

  @Field(() => Instant, { nullable: true, description: 'Valid from; now by default (生效时间)' })
  validFrom?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Valid to; none is open (失效时间)' })
  validTo?: string | null;
}

/** What is left out stays as it is; null lifts a limit. */
@InputType({ description: 'What a scope is to say from now on (授权范围变更)' })
export class ScopeChange {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code (行政区划代码)' })
  area?: string | null;

  @Field(() => [String], { nullable: true, description: 'Energy kinds; null is all (能源种类)' })
  energyKinds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Building types; null is all (建筑类型)' })
  buildingTypes?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Purposes it serves (用途)' })
  purposes?: string[] | null;

  @Field(() => Instant, { nullable: true, description: 'Valid to; null is open (失效时间)' })
  validTo?: string | null;
}

@ArgsType()
export class ScopesArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Tenant (单位标识)' })
  tenant?: string | null;
}
