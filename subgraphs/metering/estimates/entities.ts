import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../runtime/scalars.js';
import type { EstimateMethod } from './making/methods.js';

export enum Method {
  LINEAR = 'LINEAR',
  SAME_DAY_LAST_WEEK = 'SAME_DAY_LAST_WEEK',
  LOAD_PROFILE = 'LOAD_PROFILE',
  MANUAL = 'MANUAL',
}
registerEnumType(Method, {
  name: 'EstimateMethod',
  description: 'How values that were not measured are made (估算方法)',
  valuesConfig: {
    LINEAR: {
      description: 'On the straight line between the values right before and right after (线性插值)',
    },
    SAME_DAY_LAST_WEEK: { description: 'The values of the same intervals seven days before (上周同日)' },
    LOAD_PROFILE: {
      description:
        'The mean of at least 3 like days, working or not, of the 28 before, scaled to what was measured of the day (典型负荷曲线)',
    },
    MANUAL: { description: 'As somebody says, with a reason and evidence (人工)' },
  },
});

/**
 * What stands in for values of a day that were not measured. A view, as days are: where a consent lets its recipient see
 * sums of hours or days alone, values and interval are those of the sums.
 */
@Guarded('readings:read')
@AboutSubject<DayEstimate>('readings', { values: ({ estimated }) => estimated })
@ObjectType({
  description:
    'Estimated values of one day of a meter; no sum of measured values holds them (计量器具日估算数据)',
})
@Entity({ schema: 'metering', tableName: 'visible_estimate_day' })
export class DayEstimate {
  @Field(() => LocalDate, { description: 'Day in the meter’s time zone (日期)' })
  @PrimaryKey({ type: 'text', columnType: 'date' })
  date!: string;

  /** Published as `meter`. */
  @PrimaryKey({ type: 'text' })
  meter!: string;

  @Field(() => Int, { description: 'Version; the last one is in force (版本)' })
  @PrimaryKey({ type: 'integer', autoincrement: false })
  version!: number;

  @Field(() => String, {
    description:
      'ESTIMATED 已估算, WITHDRAWN 已撤回, or SUPERSEDED 已被替代: measured values came, or another part of a counter’s gap changed; what is left stands here (变更)',
  })
  @Property({ type: 'text' })
  change!: string;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => Int, { description: 'Minutes between values (间隔, 分钟)' })
  @Property({ type: 'smallint' })
  intervalMinutes!: number;

  @Field(() => String, { description: 'How fine the values are seen: AS_METERED, HOUR or DAY (数据粒度)' })
  @Property({ type: 'text' })
  granularity!: Granularity;

  @Property({ type: 'smallint' })
  scale!: number;

  /** Published as decimals, as are the three below. */
  @Property({ type: 'array', columnType: 'bigint[]' })
  values!: (string | null)[];

  @Property({ type: 'array', columnType: 'bigint[]' })
  replaced!: (string | null)[];

  @Property({ type: 'bigint', columnType: 'bigint' })
  total!: string;

  @Property({ type: 'bigint', columnType: 'bigint' })
  replacedTotal!: string;

  @Field(() => Int, { description: 'Estimated values (估算数据个数)' })
  @Property({ type: 'smallint' })
  estimated!: number;

  @Field(() => Method, { description: 'How they were made (估算方法)' })
  @Property({ type: 'text' })
  method!: EstimateMethod;

  @Field(() => Boolean, {
    description:
      'Whether a counter says what the gaps come to and the values meet it exactly; false: nothing bounds them (是否受表底总量约束)',
  })
  @Property({ type: 'boolean' })
  isBounded!: boolean;

  /** Published entry by entry. */
  @Property({ type: 'json' })
  parameters!: Record<string, string>;

  /** Published day by day. */
  @Property({ type: 'json' })
  madeFrom!: { date: string; version: number }[];

  /** Published as `case`. */
  @Property({ type: 'text' })
  caseId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why, as whoever estimated or withdrew it says (理由)',
  })
  @Property({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the evidence (凭证摘要)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => ID, { description: 'Tenant that made this version, or hub (操作方)' })
  @Property({ type: 'text' })
  estimatedBy!: string;

  @Field(() => Instant, { nullable: true, description: 'When; null in a preview (记录时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  recordedAt!: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the next version took its place; null while it is in force (失效时间)',
  })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  supersededAt!: string | null;
}

@Guarded('readings:read')
@ObjectType({ description: 'What an estimate rests on beside the days it was made from (估算参数)' })
export class EstimateParameter {
  @Field(() => String, { description: 'First interval of the gap, from 0, and what it is: 12.before (名称)' })
  name!: string;

  @Field(() => String, { description: 'The figure, or the word (数值)' })
  value!: string;
}

@Guarded('readings:read')
@ObjectType({ description: 'A measured day that an estimate was made from (估算依据日)' })
export class EstimateSource {
  @Field(() => LocalDate, { description: 'Day (日期)' })
  date!: string;

  @Field(() => Int, { description: 'Its version then (日数据版本)' })
  version!: number;
}

/** Where the value of an interval comes from. */
export enum ValueSource {
  MEASURED = 'MEASURED',
  ESTIMATED = 'ESTIMATED',
}
registerEnumType(ValueSource, {
  name: 'ValueSource',
  description: 'Where a value comes from (数据来源)',
  valuesConfig: {
    MEASURED: { description: 'Measured (实测)' },
    ESTIMATED: { description: 'Estimated (估算)' },
  },
});

@Guarded('readings:read')
@ObjectType({ description: 'One interval of a meter’s day, and where its value comes from (区间数据)' })
export class MeterInterval {
  @Field(() => Int, { description: 'Minutes from local midnight (起始分钟)' })
  startMinute!: number;

  @Field(() => Decimal, { nullable: true, description: 'Value; null where there is none (数值)' })
  value!: string | null;

  @Field(() => ValueSource, { nullable: true, description: 'Where it comes from (数据来源)' })
  source!: ValueSource | null;

  @Field(() => Method, { nullable: true, description: 'How it was estimated (估算方法)' })
  method!: EstimateMethod | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'What was measured where an estimate stands in for it (被替代的实测值)',
  })
  replaced!: string | null;
}

export const DayEstimateConnection = connectionOf(DayEstimate, 'DayEstimate', 'readings:read');
export const MeterIntervalConnection = connectionOf(MeterInterval, 'MeterInterval', 'readings:read');
