import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';

@Guarded('supplies:read')
@AboutSubject('supplies')
@ObjectType({ description: 'A meter that a customer number stands for (用户编号与计量器具的对应关系)' })
@Entity({ schema: 'metering', tableName: 'customer_link' })
export class CustomerLink {
  @Field(() => ID, { description: 'Identifier, lnk_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'Tenant whose customer it is (供能企业)' })
  @Property({ type: 'text' })
  supplier!: string;

  @Field(() => String, { description: 'Customer number (用户编号)' })
  @Property({ type: 'text' })
  customer!: string;

  @Field(() => String, { description: 'Energy item of the supplies (能耗分类分项代码)' })
  @Property({ type: 'text' })
  energyItem!: string;

  /** Published as `meter`. */
  @Property({ type: 'text' })
  meter!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the meter (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  @Property({ type: 'text', columnType: 'date' })
  validFrom!: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it is no longer so; the first day itself where it never was (终止日期)',
  })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  validTo!: string | null;

  @Field(() => ID, { description: 'Tenant that said so (登记方)' })
  @Property({ type: 'text' })
  linkedBy!: string;

  @Field(() => Instant, { description: 'When (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  linkedAt!: string;

  @Field(() => Boolean, {
    description: 'Whether a platform of the area confirmed it; before that it counts for nothing (是否确认)',
  })
  @Property({ type: 'boolean' })
  isConfirmed!: boolean;

  @Field(() => ID, { nullable: true, description: 'Tenant that confirmed it (确认方)' })
  @Property({ type: 'text', nullable: true })
  confirmedBy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Area of who confirmed it; it counts for supplies reported of that area (确认方区划)',
  })
  @Property({ type: 'text', nullable: true })
  confirmedArea!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was confirmed (确认时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  confirmedAt!: string | null;

  @Field(() => ID, { nullable: true, description: 'Tenant that ended it (终止方)' })
  @Property({ type: 'text', nullable: true })
  endedBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When that was recorded (终止登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  endedAt!: string | null;
}

/** A proposal: what two registers call alike. Nothing follows from it before somebody links. */
@Guarded('supplies:read', 'meters:read')
@ObjectType({ description: 'A meter that a customer number may stand for (用户编号对应建议)' })
export class CustomerCandidate {
  @Field(() => ID, { description: 'Supplier (供能企业)' })
  supplier!: string;

  @Field(() => String, { description: 'Customer number (用户编号)' })
  customer!: string;

  @Field(() => String, { description: 'Energy item (能耗分类分项代码)' })
  energyItem!: string;

  @Field(() => String, { description: 'Number of the supplier’s meter (供能企业表号)' })
  supplierMeter!: string;

  @Field(() => ID, { description: 'Meter (计量器具编号)' })
  meterId!: string;

  @Field(() => String, { description: 'Name of the meter (计量器具名称)' })
  meterName!: string;

  @Field(() => String, {
    description:
      'What agrees: METER_ID 编号, EXTERNAL_VALUE 外部编码, SERIAL_NUMBER 出厂编号 or NAME 名称 (依据)',
  })
  by!: string;
}

export const CustomerLinkConnection = connectionOf(CustomerLink, 'CustomerLink', 'supplies:read');
export const CustomerCandidateConnection = connectionOf(CustomerCandidate, 'CustomerCandidate', [
  'supplies:read',
  'meters:read',
]);
