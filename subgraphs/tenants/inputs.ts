import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Instant } from '../runtime/scalars.js';

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

@InputType({ description: 'A certificate to register to a tenant (证书登记)' })
export class CertificateInput {
  @Field(() => ID, { description: 'The tenant (单位标识)' })
  tenant!: string;

  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  fingerprint!: string;

  @Field(() => String, { description: 'Serial number, hexadecimal (序列号)' })
  serial!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  notBefore!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  notAfter!: string;
}

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

@InputType({ description: 'A consent to record (同意登记)' })
export class ConsentInput {
  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the subject (行政区划代码)' })
  area!: string;

  @Field(() => ID, { description: 'The tenant that may receive it (接收方)' })
  recipient!: string;

  @Field(() => [String], { description: 'Categories (数据类别)' })
  categories!: string[];

  @Field(() => String, { description: 'The one purpose (用途)' })
  purpose!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  validFrom!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  validTo!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the paper’s scan (纸质同意书哈希)' })
  evidenceSha256?: string | null;
}

@ArgsType()
export class TenantsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Tier (层级)' })
  tier?: string | null;

  @Field(() => String, { nullable: true, description: 'Status (状态)' })
  status?: string | null;
}

@ArgsType()
export class ScopesArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Tenant (单位标识)' })
  tenant?: string | null;
}

@ArgsType()
export class ConsentsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Data subject (数据主体)' })
  subject?: string | null;

  @Field(() => ID, { nullable: true, description: 'Recipient (接收方)' })
  recipient?: string | null;

  @Field(() => String, { nullable: true, description: 'GRANTED or REVOKED (状态)' })
  status?: string | null;
}

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
}
