import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Instant, LocalDate } from '../runtime/scalars.js';

/** Stub of the tenants room's type. */
@Directive('@key(fields: "id")')
@Guarded('tenants:read')
@ObjectType({ description: 'Registered platform or party (接入单位)' })
export class Tenant {
  @Field(() => ID, { description: 'Short name (单位标识)' })
  id!: string;
}

/** One upload and what became of its lines. */
@Directive('@key(fields: "id")')
@Guarded('batches:read')
@ObjectType({ description: 'Uploaded batch of readings or supplies (上传批次)' })
@Entity({ schema: 'exchange', tableName: 'batch' })
export class Batch {
  @Field(() => ID, { description: 'Identifier, bat_… (批次编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  /** Published as `uploader`. */
  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the uploader (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, {
    description: 'What was uploaded: READINGS 能耗数据 or SUPPLIES 供能企业数据 (内容)',
  })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'Idempotency-Key of the upload (幂等键)' })
  @Property({ type: 'text', nullable: true })
  idempotencyKey!: string | null;

  @Field(() => String, { description: 'RECEIVING, COMPLETE or INTERRUPTED (状态)' })
  @Property({ type: 'text', default: 'RECEIVING' })
  state!: string;

  @Field(() => Float, { description: 'Lines that were not blank (行数)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  lines!: number;

  @Field(() => Float, { description: 'Lines stored as new (新增)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  accepted!: number;

  @Field(() => Float, { description: 'Lines that were here already (未变)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  unchanged!: number;

  @Field(() => Float, { description: 'Lines that changed an earlier value (更正)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  corrected!: number;

  @Field(() => Float, { description: 'Lines in quarantine (隔离)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  quarantined!: number;

  @Field(() => Float, { description: 'Values, or records of supplies, in the stored lines (数值个数)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  readings!: number;

  @Field(() => Float, { description: 'Bytes received (字节数)' })
  @Property({ type: 'double', columnType: 'bigint', default: 0 })
  bytes!: number;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the bytes received (内容哈希)' })
  @Property({ type: 'text', nullable: true })
  sha256!: string | null;

  @Field(() => Instant, { description: 'When it began (开始时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  startedAt!: string;

  @Field(() => Instant, { nullable: true, description: 'When it ended (结束时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  endedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was interrupted (中断原因)' })
  @Property({ type: 'text', nullable: true })
  interruption!: string | null;

  @Field(() => String, { nullable: true, description: 'The signed receipt, JSON (回执)' })
  @Property({ type: 'text', nullable: true })
  receipt!: string | null;

  @Field(() => String, { nullable: true, description: 'Detached JWS over the receipt (回执签名)' })
  @Property({ type: 'text', nullable: true })
  signature!: string | null;
}

/** The signed bundle of a day for one recipient. */
@Directive('@key(fields: "id")')
@Guarded('packages:read')
@ObjectType({ description: 'Daily package, of measured values alone (每日数据包, 仅实测)' })
@Entity({ schema: 'exchange', tableName: 'package' })
export class Package {
  @Field(() => ID, { description: 'Identifier, pkg_… (数据包编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => LocalDate, { description: 'The day (日期)' })
  @Property({ type: 'text', columnType: 'date' })
  date!: string;

  @Field(() => Int, { description: 'Revision; later corrections make the next (修订号)' })
  @Property({ type: 'integer' })
  revision!: number;

  @Field(() => String, { description: 'Purpose it was asked for (用途)' })
  @Property({ type: 'text' })
  purpose!: string;

  @Property({ type: 'text' })
  reachDigest!: string;

  @Property({ type: 'text' })
  snapshot!: string;

  @Field(() => Float, { description: 'Day blocks in it (日数据块数)' })
  @Property({ type: 'double', columnType: 'bigint' })
  blocks!: number;

  @Field(() => Float, { description: 'Values in it (数值个数)' })
  @Property({ type: 'double', columnType: 'bigint' })
  readings!: number;

  @Field(() => Int, { description: 'Number of parts (分卷数)' })
  @Property({ type: 'integer' })
  parts!: number;

  @Field(() => Float, { description: 'Bytes of all parts (字节数)' })
  @Property({ type: 'double', columnType: 'bigint' })
  bytes!: number;

  @Property({ type: 'text' })
  manifest!: string;

  @Field(() => String, { description: 'SHA-256 of the manifest (清单哈希)' })
  @Property({ type: 'text' })
  manifestSha256!: string;

  @Property({ type: 'text' })
  signature!: string;

  @Field(() => Instant, { description: 'When it was built (生成时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  createdAt!: string;
}

/** The recipient's proof that a package arrived whole. */
@Guarded('packages:read')
@ObjectType({ description: 'Receipt of a package (数据包回执)' })
@Entity({ schema: 'exchange', tableName: 'acknowledgement' })
export class PackageReceipt {
  @Field(() => ID, { description: 'The package (数据包编号)' })
  @PrimaryKey({ type: 'text' })
  package!: string;

  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => Instant, { description: 'When it was acknowledged (确认时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  acknowledgedAt!: string;

  @Field(() => String, { description: 'The receipt, JSON (回执)' })
  @Property({ type: 'text' })
  receipt!: string;

  @Field(() => String, { description: 'Detached JWS over the receipt (回执签名)' })
  @Property({ type: 'text' })
  signature!: string;
}

export const BatchConnection = connectionOf(Batch, 'Batch', 'batches:read');
export const PackageConnection = connectionOf(Package, 'Package', 'packages:read');
