import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** A subject allows one recipient some categories for one purpose for a period (seed 003, part 3). */
@Guarded('consents:read')
@ObjectType({ description: 'Consent of a data subject (数据共享同意)' })
@AboutSubject('consents')
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

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds, two digits; null is all (能源种类)',
  })
  @Property({ type: 'array', columnType: 'text[]', nullable: true })
  energyKinds!: string[] | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'Meter levels of GB 17167, 1 to 3; null is all (计量级别)',
  })
  @Property({ type: 'array', columnType: 'smallint[]', nullable: true })
  meterLevels!: number[] | null;

  @Field(() => String, {
    description: 'Finest granularity of readings: AS_METERED, HOUR or DAY (最细数据粒度)',
  })
  @Property({ type: 'text', default: 'AS_METERED' })
  finest!: Granularity;

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

export const ConsentConnection = connectionOf(Consent, 'Consent', 'consents:read');
