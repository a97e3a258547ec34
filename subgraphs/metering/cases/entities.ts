import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant, LocalDate } from '../../runtime/scalars.js';

@Guarded('quality:read')
@AboutSubject('quality')
@ObjectType({
  description: 'What is wrong with a meter’s readings by one rule, until it is settled (异常处置单)',
})
@Entity({ schema: 'metering', tableName: 'quality_case' })
export class QualityCase {
  @Field(() => ID, { description: 'Identifier, cas_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  /** Published as `meter`. */
  @Property({ type: 'text' })
  meter!: string;

  @Field(() => ID, { description: 'Rule that found it (规则代码)' })
  @Property({ type: 'text' })
  rule!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String, {
    description:
      'OPEN 待处理, ASSIGNED 已派单, EXPLAINED 已说明, REPAIRED 已修复, ESTIMATED 已估算 or CLOSED 已办结 (状态)',
  })
  @Property({ type: 'text' })
  status!: string;

  @Field(() => LocalDate, { description: 'First day with a finding (首次发现日期)' })
  @Property({ type: 'text', columnType: 'date' })
  firstDate!: string;

  @Field(() => LocalDate, { description: 'Last day with a finding (最近发现日期)' })
  @Property({ type: 'text', columnType: 'date' })
  lastDate!: string;

  @Field(() => Int, { description: 'Findings in it so far (问题数)' })
  @Property({ type: 'integer' })
  findingCount!: number;

  @Field(() => Instant, { description: 'When it was opened first (立单时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  openedAt!: string;

  @Field(() => LocalDate, {
    description: 'Last day before it is escalated, by the calendar of working days (办理期限)',
  })
  @Property({ type: 'text', columnType: 'date' })
  dueOn!: string;

  @Field(() => String, {
    description:
      'Area whose platform is to close it: that of the meter, or the one it was escalated to (责任区域)',
  })
  @Property({ type: 'text' })
  responsible!: string;

  @Field(() => Boolean, { description: 'Whether its time ran out (是否已升级)' })
  @Property({ type: 'boolean' })
  isEscalated!: boolean;

  @Field(() => String, { nullable: true, description: 'Who works on it (承办人)' })
  @Property({ type: 'text', nullable: true })
  assignee!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed (办结时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  closedAt!: string | null;
}

@Guarded('quality:read')
@AboutSubject('quality')
@ObjectType('QualityCaseEvent', { description: 'What happened to a case; never changed (处置记录)' })
@Entity({ schema: 'metering', tableName: 'case_event' })
export class CaseEvent {
  @PrimaryKey({ type: 'text' })
  caseId!: string;

  @Field(() => Int, { description: 'Its place among the events of the case, from 1 (序号)' })
  @PrimaryKey({ type: 'integer' })
  number!: number;

  @Field(() => String, {
    description: 'OPENED, REOPENED, ASSIGNED, EXPLAINED, REPAIRED, ESTIMATED, ESCALATED or CLOSED (事件)',
  })
  @Property({ type: 'text' })
  event!: string;

  @Field(() => String, { description: 'How the case stood afterwards (状态)' })
  @Property({ type: 'text' })
  status!: string;

  @Field(() => String, { description: 'PLATFORM, SUBJECT, SUPERVISOR or HUB (角色)' })
  @Property({ type: 'text' })
  actor!: string;

  @Field(() => ID, { description: 'Tenant that acted (操作方)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => Instant, { description: 'When (时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  at!: string;

  @Field(() => String, { nullable: true, description: 'What was said (说明)' })
  @Property({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the evidence, which stays with who has it (凭证摘要)',
  })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => String, { nullable: true, description: 'To whom it was given (承办人)' })
  @Property({ type: 'text', nullable: true })
  assignee!: string | null;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;
}

@ForAnyCaller()
@ObjectType('QualityCaseRules', { description: 'What opens a case and how long it may take (处置规则)' })
@Entity({ schema: 'metering', tableName: 'case_rules' })
export class CaseRules {
  @Field(() => String, { description: 'GB/T 2260 code; the nearest counts (适用区域)' })
  @PrimaryKey({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Version, counting up (版本)' })
  @PrimaryKey({ type: 'integer' })
  version!: number;

  @Field(() => String, { description: 'Least severity that opens a case (立单严重程度)' })
  @Property({ type: 'text' })
  leastSeverity!: string;

  @Field(() => Int, { description: 'Working days until it is escalated (办理工作日)' })
  @Property({ type: 'smallint' })
  workingDays!: number;

  @Field(() => Int, { description: 'Days in which what comes back opens the same case again (复发期限)' })
  @Property({ type: 'smallint' })
  reopenDays!: number;

  @Field(() => String, { description: 'Why (理由)' })
  @Property({ type: 'text' })
  reason!: string;

  @Field(() => ID, { description: 'Who set them (设置方)' })
  @Property({ type: 'text' })
  setBy!: string;
}

export const QualityCaseConnection = connectionOf(QualityCase, 'QualityCase', 'quality:read');
