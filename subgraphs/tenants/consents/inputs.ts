import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';
import { CONSENT_STATES } from './transitions.js';

@InputType({ description: 'A consent to ask for (同意申请)' })
export class ConsentRequestInput {
  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the subject (行政区划代码)' })
  area!: string;

  @Field(() => [String], { description: 'Categories (数据类别)' })
  categories!: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds, two digits; all by default (能源种类)',
  })
  energyKinds?: string[] | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'Meter levels of GB 17167, 1 to 3; all by default (计量级别)',
  })
  meterLevels?: number[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Finest granularity of readings: AS_METERED (default), HOUR, DAY or MONTH (最细数据粒度)',
  })
  finest?: string | null;

  @Field(() => String, { description: 'The one purpose (用途)' })
  purpose!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  validFrom!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  validTo!: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'By when what was received is erased, not before the end (约定删除期限)',
  })
  eraseBy?: string | null;
}

@InputType({ description: 'A consent to record (同意登记)' })
export class ConsentInput extends ConsentRequestInput {
  @Field(() => ID, { description: 'The tenant that may receive it (接收方)' })
  recipient!: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the paper’s scan; needed unless the subject itself records (纸质同意书哈希)',
  })
  evidenceSha256?: string | null;
}

@InputType({ description: 'What is granted of what was asked; what is left out, as asked (同意范围)' })
export class GrantedTermsInput {
  @Field(() => [String], { nullable: true, description: 'Categories (数据类别)' })
  categories?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Energy kinds, two digits (能源种类)' })
  energyKinds?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Meter levels of GB 17167 (计量级别)' })
  meterLevels?: number[] | null;

  @Field(() => String, { nullable: true, description: 'Finest granularity of readings (最细数据粒度)' })
  finest?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Valid from (生效时间)' })
  validFrom?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Valid to (失效时间)' })
  validTo?: string | null;

  @Field(() => Instant, { nullable: true, description: 'By when it is erased (约定删除期限)' })
  eraseBy?: string | null;
}

/** A step in the life of a consent. */
@ArgsType()
export class ConsentStepArguments {
  @Field(() => ID, { description: 'The consent (同意编号)' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Why, in at most 500 characters (原因)' })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the paper’s scan, where the subject said it on paper (纸质文件哈希)',
  })
  evidenceSha256?: string | null;
}

@ArgsType()
export class GrantConsentArguments extends ConsentStepArguments {
  @Field(() => GrantedTermsInput, { nullable: true, description: 'Less than was asked (缩小的范围)' })
  terms?: GrantedTermsInput | null;
}

@ArgsType()
export class ConsentsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Data subject (数据主体)' })
  subject?: string | null;

  @Field(() => ID, { nullable: true, description: 'Recipient (接收方)' })
  recipient?: string | null;

  @Field(() => String, { nullable: true, description: `${CONSENT_STATES.join(', ')} (状态)` })
  status?: string | null;
}
