import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import { Guarded } from '../runtime/guarded.js';
import { EarlierRegistration } from '../runtime/earlier.js';
import { connectionOf } from '../runtime/lists.js';
import { Decimal, Instant } from '../runtime/scalars.js';

/** An enterprise or public body whose energy data the hub exchanges: the data subject. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
@AboutSubject('enterprises', { subject: 'uscc' })
@Entity({ schema: 'enterprises', tableName: 'enterprise' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code, GB 32100 (统一社会信用代码)' })
  @PrimaryKey({ type: 'text' })
  uscc!: string;

  /** The same code, as every node has it. */
  @Directive('@shareable')
  @Field(() => ID, { description: 'Identifier: the unified social credit code (编号)' })
  get id(): string {
    return this.uscc;
  }

  @Field(() => String, { description: 'Name (单位名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Industry, GB/T 4754 (行业代码)' })
  @Property({ type: 'text', nullable: true })
  industry!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Key unit class: BAIJIA, QIANJIA or WANJIA; null when it is not a key unit (重点用能单位类别)',
  })
  @Property({ type: 'text', nullable: true })
  unitClass!: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Comprehensive energy of the last year as declared, tce, equivalent value (上年综合能耗, 当量值, 吨标准煤)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  annualTce!: string | null;

  /** The tenant that registered it; not published. */
  @Property({ type: 'text' })
  platform!: string;

  @Field(() => Instant, { description: 'When it was registered here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

/** What a registration said until the next one said otherwise: kept by the database, for ever. */
@Guarded('enterprises:read')
@ObjectType({ description: 'Earlier registration of an enterprise (单位历史登记)' })
@AboutSubject('enterprises')
@Entity({ schema: 'enterprises', tableName: 'enterprise_superseded' })
export class EarlierEnterprise extends EarlierRegistration {}

export const EnterpriseConnection = connectionOf(Enterprise, 'Enterprise', 'enterprises:read');
export const EarlierEnterpriseConnection = connectionOf(
  EarlierEnterprise,
  'EarlierEnterprise',
  'enterprises:read',
);
