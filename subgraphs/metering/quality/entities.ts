import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';
import { Decimal, Instant, LocalDate } from '../../runtime/scalars.js';
import { Sourced } from '../../runtime/sourced.js';

@ForAnyCaller()
@ObjectType({ description: 'Rule by which readings are judged (数据质量规则)' })
@Entity({ schema: 'metering', tableName: 'quality_rule' })
export class QualityRule extends ReferenceEntry {
  @Field(() => String, {
    description:
      'COMPLETENESS 完整, TIMELINESS 时效, ACCURACY 准确, CONSISTENCY 一致, VALIDITY 有效, BALANCE 平衡 or COMPOSITE 综合 (质量维度)',
  })
  @Property({ type: 'text' })
  dimension!: string;

  @Field(() => String, { description: 'NOTICE, WARNING or SEVERE (严重程度)' })
  @Property({ type: 'text' })
  severity!: string;

  @Field(() => String, {
    description: 'INGEST, as readings are taken in, or NIGHTLY, over whole days (判定环节)',
  })
  @Property({ type: 'text' })
  foundBy!: string;

  @Field(() => String, { description: 'What it finds (定义)' })
  @Property({ type: 'text' })
  definition!: string;
}

@ForAnyCaller()
@ObjectType({ description: 'What a rule compares with, in one edition (规则参数)' })
@Entity({ schema: 'metering', tableName: 'quality_value' })
export class QualityParameter extends Sourced {
  @PrimaryKey({ type: 'integer' })
  edition!: number;

  @Field(() => ID, { description: 'Rule (规则代码)' })
  @PrimaryKey({ type: 'text' })
  rule!: string;

  @Field(() => String, { description: 'Name (参数名)' })
  @PrimaryKey({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Name in Chinese (中文名称)' })
  @Property({ type: 'text' })
  nameZh!: string;

  @Field(() => Decimal, { description: 'Value in this edition (取值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  value!: string;

  @Field(() => Decimal, { description: 'Value as delivered (默认值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  defaultValue!: string;

  @Field(() => Decimal, { description: 'Least that it may be (最小值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  minimum!: string;

  @Field(() => Decimal, { description: 'Most that it may be (最大值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  maximum!: string;

  @Field(() => String, { nullable: true, description: 'Unit (单位)' })
  @Property({ type: 'text', nullable: true })
  unit!: string | null;
}

@ForAnyCaller()
@ObjectType({ description: 'Edition of the rules’ parameters (数据质量规则版本)' })
@Entity({ schema: 'metering', tableName: 'quality_edition' })
export class QualityEdition {
  @Field(() => Int, { description: 'Number, counting up (版本号)' })
  @PrimaryKey({ type: 'integer', autoincrement: false })
  number!: number;

  @Field(() => String, { description: 'DRAFT, ADOPTED or SUPERSEDED (状态)' })
  @Property({ type: 'text' })
  status!: string;

  @Field(() => Int, { nullable: true, description: 'The edition that it changes (所修改的版本)' })
  @Property({ type: 'integer', nullable: true })
  basedOn!: number | null;

  @Field(() => String, { description: 'Why (理由)' })
  @Property({ type: 'text' })
  reason!: string;

  @Field(() => ID, { description: 'The tenant that proposed it (提出单位)' })
  @Property({ type: 'text' })
  proposedBy!: string;

  @Field(() => Instant, { description: 'When it was proposed (提出时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  proposedAt!: string;

  @Field(() => ID, { nullable: true, description: 'The tenant that adopted it (批准单位)' })
  @Property({ type: 'text', nullable: true })
  adoptedBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was adopted (批准时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  adoptedAt!: string | null;
}

/** What a rule found in one day of one meter. The value is stored all the same: a finding is no refusal. */
@Guarded('quality:read')
@ObjectType('QualityFinding', { description: 'Finding about one day of one meter (数据质量问题)' })
@AboutSubject('quality')
@Entity({ schema: 'metering', tableName: 'finding' })
export class Finding {
  @Field(() => ID, { description: 'Identifier (编号)' })
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string;

  @Field(() => ID, { description: 'Rule (规则代码)' })
  @Property({ type: 'text' })
  rule!: string;

  @Field(() => Int, { description: 'Edition of the rules (规则版本)' })
  @Property({ type: 'integer' })
  edition!: number;

  /** Published as `meter`. */
  @Property({ type: 'text' })
  meter!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => LocalDate, { description: 'Day in the meter’s time zone on which it begins (日期)' })
  @Property({ type: 'text', columnType: 'date' })
  date!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'First interval that it is about, from 0; null for the day as a whole (起始区间)',
  })
  @Property({ type: 'smallint', nullable: true })
  firstInterval!: number | null;

  @Field(() => LocalDate, {
    description: 'Day of the last interval: a later one where a run goes over midnight (截止日期)',
  })
  @Property({ type: 'text', columnType: 'date' })
  lastDate!: string;

  @Field(() => Int, { nullable: true, description: 'Last interval that it is about, on lastDate (截止区间)' })
  @Property({ type: 'smallint', nullable: true })
  lastInterval!: number | null;

  /** Published entry by entry. */
  @Property({ type: 'json' })
  evidence!: Record<string, string>;

  @Field(() => ID, { nullable: true, description: 'Upload that brought the day, or correction (批次)' })
  @Property({ type: 'text', nullable: true })
  batch!: string | null;

  @Field(() => Int, { nullable: true, description: 'Version of the day that was judged (日数据版本)' })
  @Property({ type: 'integer', nullable: true })
  version!: number | null;

  @Field(() => String, { description: 'INGEST or NIGHTLY (判定环节)' })
  @Property({ type: 'text' })
  foundBy!: string;

  @Field(() => Instant, { description: 'When it was found (发现时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  foundAt!: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it ceased to hold: the day came, was corrected, or was judged anew (失效时间)',
  })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  supersededAt!: string | null;
}

@Guarded('quality:read')
@ObjectType('QualityFindingCount', {
  description: 'How many findings of a rule are in force (按规则统计的问题数)',
})
export class FindingCount {
  @Field(() => ID, { description: 'Rule (规则代码)' })
  rule!: string;

  @Field(() => String, { description: 'NOTICE, WARNING or SEVERE, as the rule says (严重程度)' })
  severity!: string;

  @Field(() => Int, { description: 'How many (个数)' })
  count!: number;
}

@Guarded('quality:read')
@ObjectType('QualityEvidence', { description: 'One figure that a finding rests on (判定依据)' })
export class Evidence {
  @Field(() => String, { description: 'What it is: value, bound, count, … (名称)' })
  name!: string;

  @Field(() => String, { description: 'The figure, an exact decimal, or a text (取值)' })
  value!: string;
}

export const FindingConnection = connectionOf(Finding, 'QualityFinding', 'quality:read');
export const QualityRuleConnection = connectionOf(QualityRule, 'QualityRule', 'any caller');
export const QualityEditionConnection = connectionOf(QualityEdition, 'QualityEdition', 'any caller');
