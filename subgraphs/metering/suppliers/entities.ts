import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, Instant } from '../../runtime/scalars.js';

/** About whom it is follows from the links of the customer number, and is nothing that its supplier is told. */
@Guarded('supplies:read')
@AboutSubject('supplies')
@ObjectType({ description: 'What a supplier says it supplied to a customer in a period (供能记录)' })
@Entity({ schema: 'metering', tableName: 'supply' })
export class Supply {
  @Field(() => ID, { description: 'Identifier of this version, sup_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'Tenant that supplied it (供能企业)' })
  @Property({ type: 'text' })
  supplier!: string;

  @Field(() => String, { description: 'Customer number of the supplier (用户编号)' })
  @Property({ type: 'text' })
  customer!: string;

  @Field(() => String, { nullable: true, description: 'Number of the supplier’s meter (供能企业表号)' })
  @Property({ type: 'text', nullable: true })
  supplierMeter!: string | null;

  @Field(() => String, { description: 'Energy class and sub-item (能耗分类分项代码)' })
  @Property({ type: 'text' })
  energyItem!: string;

  @Field(() => String, { description: 'Number of the bill or record (账单或记录编号)' })
  @Property({ type: 'text' })
  record!: string;

  @Field(() => Int, { description: 'Version; a corrected record is the next (版本)' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => Instant, { description: 'When the period begins (周期起)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  fromAt!: string;

  @Field(() => Instant, { description: 'When it ends; the moment itself is no longer in it (周期止)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  toAt!: string;

  @Field(() => Decimal, { description: 'Amount (供能量)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  amount!: string;

  @Field(() => String, { description: 'Unit (计量单位)' })
  @Property({ type: 'text' })
  unit!: string;

  @Field(() => Decimal, { nullable: true, description: 'Register at the beginning (起码)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  registerBegin!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Register at the end (止码)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  registerEnd!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Multiplier of the registers (倍率)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  multiplier!: string | null;

  @Field(() => String, { description: 'GB/T 2260 code, as the supplier gave it (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text', nullable: true })
  subject!: string | null;

  @Field(() => ID, { description: 'Upload that brought it, bat_… (上传批次)' })
  @Property({ type: 'text' })
  batch!: string;

  @Field(() => Instant, { description: 'When it was recorded (记录时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  recordedAt!: string;

  @Field(() => Instant, { nullable: true, description: 'When the next version took its place (被替代时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  supersededAt!: string | null;
}

export const SupplyConnection = connectionOf(Supply, 'Supply', 'supplies:read');
