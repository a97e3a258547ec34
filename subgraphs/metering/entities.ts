import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Granularity } from '../../gateway/policy/limits.js';
import { AboutSubject } from '../runtime/about.js';
import { Guarded } from '../runtime/guarded.js';
import { EarlierRegistration } from '../runtime/earlier.js';
import { connectionOf } from '../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../runtime/scalars.js';
import type { EstimatedPart } from './estimates/sums/entities.js';

export { Building, Enterprise } from './neighbours/entities.js';

/** What the values of its uploads are. */
export type MeterKind = 'INTERVAL' | 'REGISTER';

/** A meter as the platform that reads it registered it. GB 17167 level 1 is the gate. */
@Directive('@key(fields: "id")')
@Guarded('meters:read')
@ObjectType({ description: 'Energy meter (计量器具)' })
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'meter' })
export class Meter {
  @Field(() => ID, { description: 'Identifier, as uploads name it (计量器具编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Name (名称)' })
  @Property({ type: 'text' })
  name!: string;

  /** Published as `building`. */
  @Property({ type: 'text', nullable: true })
  building!: string | null;

  /** Published as `owner`; it also decides who sees the row. */
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Published as `parent`. */
  @Property({ type: 'text', nullable: true })
  parent!: string | null;

  @Field(() => Int, { description: '1 gate, 2 main sub-unit, 3 main equipment; GB 17167 (计量级别)' })
  @Property({ type: 'smallint' })
  level!: number;

  @Field(() => String, {
    description: 'Energy class and sub-item, five characters, e.g. 01B00 (能耗分类分项代码)',
  })
  @Property({ type: 'text' })
  energyItem!: string;

  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  get energyClass(): string {
    return this.energyItem.slice(0, 2);
  }

  @Field(() => String, { description: 'Unit of the values (计量单位)' })
  @Property({ type: 'text' })
  unit!: string;

  @Field(() => String, {
    description:
      'INTERVAL: uploads bring what was used in each interval; REGISTER: they bring what the counter showed at the end of each (数据类型: 区间量或表底数)',
  })
  @Property({ type: 'text', default: 'INTERVAL' })
  kind!: MeterKind;

  @Field(() => Int, { description: 'Minutes between values as registered (采集间隔, 分钟)' })
  @Property({ type: 'smallint' })
  intervalMinutes!: number;

  @Field(() => String, { description: 'IANA time zone of its days (时区)' })
  @Property({ type: 'text', default: 'Asia/Shanghai' })
  timeZone!: string;

  @Field(() => Decimal, {
    description:
      'Multiplier, of current and voltage transformers: already applied to the values of an INTERVAL meter, still to be applied to differences of a REGISTER, unless its device has its own (倍率)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', default: 1 })
  multiplier!: string;

  @Field(() => Int, { nullable: true, description: 'Places after the point that it shows (小数位数)' })
  @Property({ type: 'smallint', nullable: true })
  decimals!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Digits of the counter before the point: 5 go from 99999 to 0 (表底整数位数)',
  })
  @Property({ type: 'smallint', nullable: true })
  registerDigits!: number | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Most that can physically pass in an hour, in its unit (每小时物理上限)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  ratedMaximumPerHour!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Scheme of the identifier in another system (外部编码体系)',
  })
  @Property({ type: 'text', nullable: true })
  externalScheme!: string | null;

  @Field(() => String, { nullable: true, description: 'Identifier in another system (外部编码)' })
  @Property({ type: 'text', nullable: true })
  externalValue!: string | null;

  /** The tenant that registered it; not published. */
  @Property({ type: 'text' })
  platform!: string;

  @Field(() => LocalDate, { nullable: true, description: 'First day in use (启用日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  installedOn!: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day out of use (停用日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  retiredOn!: string | null;

  @Field(() => Instant, { description: 'When it was registered here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

/**
 * One meter's day of values, stored as integers at a scale so that sums are exact. A view: where a consent lets its
 * recipient see sums of hours or days alone, values and interval are those of the sums.
 */
@Guarded('readings:read')
@ObjectType('MeterDay', { description: 'One meter’s day of values (计量器具日数据)' })
@AboutSubject<DayBlock>('readings', {
  values: ({ values }) => values.filter((value) => value !== null).length,
})
@Entity({ schema: 'metering', tableName: 'visible_day' })
export class DayBlock {
  @Field(() => LocalDate, { description: 'Day in the meter’s time zone (日期)' })
  @PrimaryKey({ type: 'text', columnType: 'date' })
  date!: string;

  /** Published as `meter`. */
  @PrimaryKey({ type: 'text' })
  meter!: string;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => Int, { description: 'Minutes between values (间隔, 分钟)' })
  @Property({ type: 'smallint' })
  intervalMinutes!: number;

  @Field(() => String, {
    description: 'How fine the values are seen: AS_METERED, HOUR or DAY (数据粒度)',
  })
  @Property({ type: 'text' })
  granularity!: Granularity;

  @Property({ type: 'smallint' })
  scale!: number;

  @Property({ type: 'array', columnType: 'bigint[]' })
  values!: (string | null)[];

  @Property({ type: 'bigint', columnType: 'bigint' })
  total!: string;

  @Field(() => Int, { description: 'Values present (有效数据个数)' })
  @Property({ type: 'smallint' })
  present!: number;

  @Field(() => Int, { description: 'Version; corrections count up (版本)' })
  @Property({ type: 'integer', default: 1 })
  version!: number;

  @Field(() => Instant, { description: 'When this version was recorded (记录时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

/** What some meters add up to over some days. */
@Guarded('readings:read')
@ObjectType({ description: 'Consumption over a period (用能量)' })
export class Consumption {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => String, { nullable: true, description: 'Energy class and sub-item summed (能耗分类分项代码)' })
  energyItem!: string | null;

  @Field(() => String, { nullable: true, description: 'Unit; null when nothing was summed (计量单位)' })
  unit!: string | null;

  @Field(() => Decimal, { description: 'Exact sum of the values measured; estimates are in none (实测合计)' })
  total!: string;

  /** Asked for: what was estimated beside it. */
  estimates?: EstimatedPart;

  /** Published as a number; where it is a question of its own, asked only when wanted. */
  meters!: number | (() => number | Promise<number>);

  @Field(() => Int, { description: 'Days of meters with at least one value (有数据的表日数)' })
  meterDays!: number;

  @Field(() => Int, { description: 'Values present (有效数据个数)' })
  present!: number;

  /** Not published: where it was metered, which decides whose coefficients count. */
  areas!: string[];
}

/** What a registration said until the next one said otherwise: kept by the database, for ever. */
@Guarded('meters:read')
@ObjectType({ description: 'Earlier registration of a meter (计量器具历史登记)' })
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'meter_superseded' })
export class EarlierMeter extends EarlierRegistration {}

export const MeterConnection = connectionOf(Meter, 'Meter', 'meters:read');
export const DayBlockConnection = connectionOf(DayBlock, 'MeterDay', 'readings:read');
export const EarlierMeterConnection = connectionOf(EarlierMeter, 'EarlierMeter', 'meters:read');
