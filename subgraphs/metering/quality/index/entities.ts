import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { Decimal, Instant, LocalDate } from '../../../runtime/scalars.js';

const PERCENT = { nullable: true } as const;

/** Of sums over meters and days: 100 is best. Weights are the edition's, and unverified. */
@Guarded('quality:read')
@ObjectType({
  description:
    'Quality of readings over some meters and days, 0 to 100; an estimate earns nothing (数据质量指数, 估算不计分)',
})
export class QualityIndex {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => Int, { description: 'Days of meters judged (判定的表日数)' })
  meterDays!: number;

  @Field(() => Int, { description: 'Points due (应传点数)' })
  due!: number;

  @Field(() => Int, { description: 'Points here by now (已传点数)' })
  present!: number;

  @Field(() => Int, { description: 'Points here by their deadline (按时上传点数)' })
  onTime!: number;

  @Field(() => Int, { description: 'Values with a finding of their own (有问题的数据个数)' })
  marked!: number;

  @Field(() => Decimal, { ...PERCENT, description: 'Here by now, of those due (完整指数)' })
  completeness!: string | null;

  @Field(() => Decimal, {
    ...PERCENT,
    description: 'Here by the deadline, of those due: what is back-filled earns nothing (在线完整指数)',
  })
  onlineCompleteness!: string | null;

  @Field(() => Decimal, { ...PERCENT, description: 'In time, of those here (时效指数)' })
  timeliness!: string | null;

  @Field(() => Decimal, { ...PERCENT, description: 'Of meters inside a valid calibration (准确指数)' })
  accuracy!: string | null;

  @Field(() => Decimal, { ...PERCENT, description: 'Without a finding, of those here (有效指数)' })
  validity!: string | null;

  @Field(() => Decimal, {
    ...PERCENT,
    description: 'Days that agree with the reported month; null where none was reported (一致指数)',
  })
  consistency!: string | null;

  @Field(() => Decimal, {
    ...PERCENT,
    description:
      'The indices by the weights of the edition in force, the online completeness for completeness; what is null does not count (综合指数)',
  })
  composite!: string | null;

  @Field(() => Boolean, { description: 'Whether the weights were checked against a source (权重是否核实)' })
  isVerified!: boolean;
}

@Guarded('readings:read')
@ObjectType({ description: 'What a meter used in a month, as reported otherwise than by days (月报数据)' })
@AboutSubject('readings')
@Entity({ schema: 'metering', tableName: 'reported_month' })
export class ReportedMonth {
  @Field(() => ID, { description: 'Identifier (编号)' })
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string;

  @Field(() => ID, { description: 'Meter (计量器具)' })
  @Property({ type: 'text' })
  meter!: string;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => LocalDate, { description: 'First day of the month (月份)' })
  @Property({ type: 'text', columnType: 'date' })
  month!: string;

  @Field(() => Decimal, { description: 'In the unit of the meter (用量)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  value!: string;

  @Field(() => ID, { description: 'Tenant that reported it (报送单位)' })
  @Property({ type: 'text' })
  reportedBy!: string;

  @Field(() => Instant, { description: 'When (报送时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  reportedAt!: string;
}
