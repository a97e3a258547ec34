import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../../runtime/scalars.js';
import { MEASURED } from '../entities.js';
import { AccessFigures } from '../figures/entities.js';
import { AccessTarget } from '../targets/entities.js';

/** One version of a report as it was handed in. The last one counts; the first decides whether it came late. */
@Guarded('enterprises:read')
@ObjectType({ description: 'Quarterly report on access, as handed in (季度报送版本)' })
@Entity({ schema: 'enterprises', tableName: 'access_report' })
export class AccessReportVersion {
  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @PrimaryKey({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Quarter, e.g. 2026Q3 (季度)' })
  @PrimaryKey({ type: 'text' })
  quarter!: string;

  @Field(() => Int, { description: 'Version, counting up (版本)' })
  @PrimaryKey({ type: 'integer' })
  version!: number;

  @Field(() => String, { description: 'Supervision (监管情况)' })
  @Property({ type: 'text' })
  supervision!: string;

  @Field(() => String, { description: 'Problems (问题)' })
  @Property({ type: 'text' })
  problems!: string;

  @Field(() => String, { description: 'Suggestions (建议)' })
  @Property({ type: 'text' })
  suggestions!: string;

  @Field(() => [AccessFigures], { description: 'Figures as they were then (报送时的统计数)' })
  @Property({ type: 'json', columnType: 'jsonb' })
  figures!: AccessFigures[];

  @Field(() => LocalDate, { description: 'By when it was due (报送期限)' })
  @Property({ type: 'text', columnType: 'date' })
  dueOn!: string;

  @Field(() => Boolean, { description: 'Whether this version came after that day (是否逾期报送)' })
  @Property({ type: 'boolean', generated: "((submitted_at at time zone 'Asia/Shanghai')::date > due_on)" })
  isLate!: boolean;

  @Field(() => ID, { description: 'Tenant that handed it in (报送单位)' })
  @Property({ type: 'text' })
  submittedBy!: string;

  @Field(() => Instant, { description: 'When (报送时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  submittedAt!: string;
}

@Guarded(...MEASURED)
@ObjectType({ description: 'A target and what was reached of it (接入目标完成情况)' })
export class AccessTargetState {
  @Field(() => AccessTarget, { description: 'The target (接入目标)' })
  target!: AccessTarget;

  @Field(() => Int, { description: 'Units of the class (应接入)' })
  toConnect!: number;

  @Field(() => Int, { description: 'Uploading daily (每日上传)' })
  uploading!: number;

  @Field(() => Decimal, { description: 'Their share, per cent, rounded down (每日上传率)' })
  reached!: string;

  @Field(() => Boolean, { description: 'Whether its day is past (是否到期)' })
  isPast!: boolean;

  @Field(() => Boolean, { description: 'Whether it is reached (是否完成)' })
  isMet!: boolean;
}

/** Lists and figures are measured as the report is asked for; what was handed in stands in `versions`. */
@Guarded(...MEASURED)
@ObjectType({ description: 'Quarterly report on access (接入进度季度报告)' })
export class AccessReport {
  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Quarter, e.g. 2026Q3 (季度)' })
  quarter!: string;

  @Field(() => LocalDate, { description: 'First day of the quarter (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day of the quarter (截止日期)' })
  to!: string;

  @Field(() => LocalDate, { description: 'The day looked at: the last, or today (统计日期)' })
  asOf!: string;

  @Field(() => LocalDate, { description: 'By when the report is due (报送期限)' })
  dueOn!: string;

  @Field(() => AccessFigures, { description: 'All of the area (合计)' })
  total!: AccessFigures;

  @Field(() => [AccessFigures], { description: 'By district and class (分区分类统计)' })
  figures!: AccessFigures[];

  @Field(() => [AccessTargetState], { description: 'Targets that count in the area (接入目标完成情况)' })
  targets!: AccessTargetState[];
}

@Guarded('enterprises:read')
@ObjectType({ description: 'A report that has not been handed in (未报送的季度报告)' })
export class AccessReportDue {
  @Field(() => String, { description: 'GB/T 2260 code of the district (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Quarter, e.g. 2026Q3 (季度)' })
  quarter!: string;

  @Field(() => LocalDate, { description: 'By when it is due (报送期限)' })
  dueOn!: string;

  @Field(() => Boolean, { description: 'Whether that day is past (是否逾期)' })
  isOverdue!: boolean;

  @Field(() => Int, { description: 'Key units there (重点用能单位数)' })
  units!: number;
}

export const AccessReportDueConnection = connectionOf(AccessReportDue, 'AccessReportDue', 'enterprises:read');
export const AccessReportVersionConnection = connectionOf(
  AccessReportVersion,
  'AccessReportVersion',
  'enterprises:read',
);
