import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Instant } from '../runtime/scalars.js';

/** A platform or party that calls the hub. */
@Directive('@key(fields: "id")')
@Guarded('tenants:read')
@ObjectType({ description: 'Registered platform or party (接入单位)' })
@Entity({ schema: 'tenants', tableName: 'tenant' })
export class Tenant {
  @Field(() => ID, { description: 'Short name, as in its certificate (单位标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'NATIONAL, MUNICIPAL, DISTRICT, ENTERPRISE or THIRD_PARTY (层级)' })
  @Property({ type: 'text' })
  tier!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Unified social credit code (统一社会信用代码)' })
  @Property({ type: 'text', nullable: true })
  uscc!: string | null;

  @Field(() => String, { description: 'ACTIVE, SUSPENDED or CLOSED (状态)' })
  @Property({ type: 'text', default: 'ACTIVE' })
  status!: string;

  @Field(() => Instant, { description: 'When it was registered (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

/** A client certificate by which a tenant is known; the private key never comes here. */
@Guarded('tenants:read')
@ObjectType({ description: 'Registered client certificate (客户端证书)' })
@Entity({ schema: 'tenants', tableName: 'certificate' })
export class Certificate {
  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  @PrimaryKey({ type: 'text' })
  fingerprint!: string;

  @Property({ type: 'text' })
  tenant!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Serial number, hexadecimal (序列号)' })
  @Property({ type: 'text' })
  serial!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  notBefore!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  notAfter!: string;

  @Field(() => String, { description: 'ACTIVE or REVOKED (状态)' })
  @Property({ type: 'text', default: 'ACTIVE' })
  status!: string;

  @Field(() => Instant, { description: 'When it was registered (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;

  @Field(() => Instant, { nullable: true, description: 'When it was revoked (吊销时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  revokedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was revoked (吊销原因)' })
  @Property({ type: 'text', nullable: true })
  reason!: string | null;
}

/** What a tenant may do: category, action, area, purposes, validity; set by an admin of the tenant's area. */
@Guarded('scopes:read')
@ObjectType({ description: 'Scope of a tenant (授权范围)' })
@Entity({ schema: 'tenants', tableName: 'scope' })
export class Scope {
  @Field(() => ID, { description: 'Identifier, scp_… (范围编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'The tenant it is for (单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  /** Decides which admins may see and set it. */
  @Property({ type: 'text' })
  tenantArea!: string;

  @Field(() => String, { description: 'Category of data (数据类别)' })
  @Property({ type: 'text' })
  category!: string;

  @Field(() => String, { description: 'read or write (操作)' })
  @Property({ type: 'text' })
  action!: string;

  @Field(() => String, { description: 'GB/T 2260 code; it and what nests in it (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => [String], { description: 'Purposes it serves (用途)' })
  @Property({ type: 'array', columnType: 'text[]' })
  purposes!: string[];

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  validFrom!: string;

  @Field(() => Instant, { nullable: true, description: 'Valid to; null is open (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  validTo!: string | null;

  @Field(() => ID, { description: 'The tenant that set it (设置单位)' })
  @Property({ type: 'text' })
  setBy!: string;

  @Field(() => Instant, { description: 'When it was set (设置时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  setAt!: string;
}

/** A subject allows one recipient some categories for one purpose for a period (seed 003, part 3). */
@Guarded('consents:read')
@ObjectType({ description: 'Consent of a data subject (数据共享同意)' })
@Entity({ schema: 'tenants', tableName: 'consent' })
export class Consent {
  @Field(() => ID, { description: 'Identifier, con_… (同意编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the subject (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => ID, { description: 'The tenant that may receive it (接收方)' })
  @Property({ type: 'text' })
  recipient!: string;

  @Field(() => [String], { description: 'Categories (数据类别)' })
  @Property({ type: 'array', columnType: 'text[]' })
  categories!: string[];

  @Field(() => String, { description: 'The one purpose (用途)' })
  @Property({ type: 'text' })
  purpose!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  validFrom!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  validTo!: string;

  @Field(() => String, { description: 'GRANTED or REVOKED (状态)' })
  @Property({ type: 'text', default: 'GRANTED' })
  status!: string;

  @Field(() => ID, {
    description: 'The tenant that recorded it: the subject itself, or the operator from paper (记录单位)',
  })
  @Property({ type: 'text' })
  grantedBy!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the paper’s scan (纸质同意书哈希)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => Instant, { description: 'When it was recorded (记录时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  grantedAt!: string;

  @Field(() => Instant, { nullable: true, description: 'When it was revoked (撤回时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  revokedAt!: string | null;
}

export const TenantConnection = connectionOf(Tenant, 'Tenant', 'tenants:read');
export const CertificateConnection = connectionOf(Certificate, 'Certificate', 'tenants:read');
export const ScopeConnection = connectionOf(Scope, 'Scope', 'scopes:read');
export const ConsentConnection = connectionOf(Consent, 'Consent', 'consents:read');
