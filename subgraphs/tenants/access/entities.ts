import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { Instant } from '../../runtime/scalars.js';

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

/** One thing that would have to be otherwise; all of them together turn a no into a yes. */
@ForAnyCaller()
@ObjectType({ description: 'What would have to change (所需变更)' })
export class AccessChange {
  @Field(() => String, { description: 'TENANT, CERTIFICATE, DECLARATION, SCOPE or CONSENT (类别)' })
  kind!: string;

  @Field(() => String, { description: 'The change in words (说明)' })
  text!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The declaration or consent that waits and would do once it is granted (待决事项编号)',
  })
  pending!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who could: the area of an admin, of a consent its subject; null is the operator at the machine, of a consent any subject (可由谁决定)',
  })
  by!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Over which area a scope would lie, GB/T 2260 (行政区划代码)',
  })
  area!: string | null;

  @Field(() => [String], { nullable: true, description: 'Energy kinds it needs; null is all (能源种类)' })
  energyKinds!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Building types it needs; null is all (建筑类型)' })
  buildingTypes!: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Meter levels it needs; null is all (计量级别)' })
  meterLevels!: number[] | null;
}

/** What a yes rests on, kind by kind; it ends with the last of them. */
@ForAnyCaller()
@ObjectType({ description: 'What would end a permission (何以终止)' })
export class AccessEnd {
  @Field(() => String, { description: 'TENANT, CERTIFICATE, DECLARATION, SCOPE or CONSENT (类别)' })
  kind!: string;

  @Field(() => String, { description: 'In words (说明)' })
  text!: string;

  @Field(() => [ID], { description: 'Each of them alone would carry it (依据编号)' })
  ids!: string[];

  @Field(() => Instant, {
    nullable: true,
    description: 'When the last of them ends by itself; null where one is open (到期时间)',
  })
  at!: string | null;
}

/** Rows that are covered under limits alone. */
@ForAnyCaller()
@ObjectType({ description: 'Limits on what is covered (覆盖限制)' })
export class AccessLimits {
  @Field(() => String, { description: 'GB/T 2260 prefix; empty is the nation (行政区划)' })
  area!: string;

  @Field(() => ID, { nullable: true, description: 'About whom; null is everybody (数据主体)' })
  subject!: string | null;

  @Field(() => [String], { nullable: true, description: 'Energy kinds; null is all (能源种类)' })
  energyKinds!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Building types; null is all (建筑类型)' })
  buildingTypes!: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Meter levels; null is all (计量级别)' })
  meterLevels!: number[] | null;

  @Field(() => String, { description: 'Finest granularity of readings (最细数据粒度)' })
  finest!: string;
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

  @Field(() => [AccessChange], {
    description:
      'The fewest changes that together would turn a no into a yes; none where nothing would (所需变更)',
  })
  changes!: AccessChange[];

  @Field(() => [AccessEnd], { description: 'What a yes rests on; it ends with any of these (何以终止)' })
  ends!: AccessEnd[];

  @Field(() => Instant, {
    nullable: true,
    description: 'When a yes ends if nobody does anything; null is never (到期时间)',
  })
  until!: string | null;

  @Field(() => [ID], { description: 'Approved declarations of the purpose (适用用途申报)' })
  declarations!: string[];

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

  @Field(() => [AccessLimits], { description: 'What is covered under limits alone (受限覆盖)' })
  limits!: AccessLimits[];
}
