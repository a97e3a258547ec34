import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../runtime/scalars.js';

/** Stub of the buildings room's type: the audits of a building. */
@Directive('@key(fields: "id")')
@Guarded('buildings:read')
@ObjectType({ description: 'Building (建筑)' })
export class Building {
  @Field(() => ID, { description: 'Building code (建筑编码)' })
  id!: string;
}

/** Stub of the enterprises room's type: the audits and metering reviews of an enterprise. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;
}

/** The result of one building's energy audit (seed 000, article 4.8: the year's audits are collected and analysed). */
@Directive('@key(fields: "id")')
@Guarded('audits:read')
@ObjectType({ description: 'Building energy audit (建筑能源审计)' })
@AboutSubject('audits')
@Entity({ schema: 'audits', tableName: 'energy_audit' })
export class EnergyAudit {
  @Field(() => ID, { description: 'Identifier, aud_… (审计编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  building!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Year the audit covers (审计年度)' })
  @Property({ type: 'smallint' })
  year!: number;

  @Field(() => String, { description: 'Level of the audit, as the auditor names it (审计类别)' })
  @Property({ type: 'text' })
  level!: string;

  @Field(() => String, { description: 'Auditing body (审计机构)' })
  @Property({ type: 'text' })
  auditor!: string;

  @Field(() => String, { description: 'Conclusion (审计结论)' })
  @Property({ type: 'text' })
  conclusion!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Annual electricity per floor area, kWh/m² (单位面积年用电量)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  energyUseKwhPerM2!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Saving potential found, per cent (节能潜力, %)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  savingPotentialPercent!: string | null;

  @Field(() => LocalDate, { description: 'Day the audit was completed (完成日期)' })
  @Property({ type: 'text', columnType: 'date' })
  completedOn!: string;

  @Field(() => Instant, { description: 'When it was recorded here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

/** One energy metering review of an enterprise by JJF 1356 (seed 002, part 2). */
@Directive('@key(fields: "id")')
@Guarded('reviews:read')
@ObjectType({ description: 'Energy metering review, JJF 1356 (能源计量审查)' })
@AboutSubject('reviews')
@Entity({ schema: 'audits', tableName: 'metering_review' })
export class MeteringReview {
  @Field(() => ID, { description: 'Identifier, rev_… (审查编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Year of the review plan (审查年度)' })
  @Property({ type: 'smallint' })
  year!: number;

  @Field(() => String, { description: 'Leader of the review team (审查组组长)' })
  @Property({ type: 'text' })
  leader!: string;

  @Field(() => String, { description: 'PLANNED, PASSED, CORRECTION or EXEMPT (审查结果)' })
  @Property({ type: 'text' })
  result!: string;

  @Field(() => Int, { description: 'Non-conformities found (不符合项数)' })
  @Property({ type: 'smallint' })
  nonconformities!: number;

  @Field(() => LocalDate, { description: 'Planned day of the site review (计划日期)' })
  @Property({ type: 'text', columnType: 'date' })
  plannedOn!: string;

  @Field(() => LocalDate, { nullable: true, description: 'Day of the site review (现场审查日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  reviewedOn!: string | null;

  @Field(() => Instant, { description: 'When it was recorded here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

export const EnergyAuditConnection = connectionOf(EnergyAudit, 'EnergyAudit', 'audits:read');
export const MeteringReviewConnection = connectionOf(MeteringReview, 'MeteringReview', 'reviews:read');
