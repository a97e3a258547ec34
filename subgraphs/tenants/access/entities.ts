import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';

/** Who calls and what it may do, as the hub sees it. */
@ForAnyCaller()
@ObjectType({ description: 'The caller (当前调用方)' })
export class Me {
  @Field(() => ID, { description: 'Short name (单位标识)' })
  tenant!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  name!: string;

  @Field(() => String, { description: 'Tier (层级)' })
  tier!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string | null;

  @Field(() => String, { description: 'TEST or FORMAL: which database answers (环境)' })
  stage!: string;

  @Field(() => String, { description: 'SHA-256 of the certificate that called (证书指纹)' })
  fingerprint!: string;

  @Field(() => String, { description: 'Purpose of this request (本次用途)' })
  purpose!: string;
}

/** The answer to "may this tenant, and why": rule, scopes, consents, and what would change it. */
@ForAnyCaller()
@ObjectType({ description: 'A decision explained (授权判定说明)' })
export class AccessDecision {
  @Field(() => String, { description: 'Category and action asked about (数据类别与操作)' })
  permission!: string;

  @Field(() => Boolean, { description: 'Whether it is allowed (是否允许)' })
  allowed!: boolean;

  @Field(() => String, { description: 'The rule that decided (规则)' })
  rule!: string;

  @Field(() => String, { nullable: true, description: 'Error code when refused (拒绝代码)' })
  code!: string | null;

  @Field(() => String, { description: 'The reason in words (说明)' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'What would change a refusal (如何获准)' })
  remedy!: string | null;

  @Field(() => [ID], { description: 'Scopes that apply (适用范围)' })
  scopes!: string[];

  @Field(() => [ID], { description: 'Consents that apply (适用同意)' })
  consents!: string[];

  @Field(() => [String], {
    description: 'Areas covered, GB/T 2260 prefixes; an empty prefix is the nation (覆盖区划)',
  })
  areas!: string[];

  @Field(() => [ID], { description: 'Subjects covered (覆盖主体)' })
  subjects!: string[];
}
