import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Decimal, LocalDate } from '../runtime/scalars.js';

@InputType({ description: 'A building energy audit to record (建筑能源审计登记)' })
export class EnergyAuditInput {
  @Field(() => ID, { description: 'Building code (建筑编码)' })
  buildingId!: string;

  @Field(() => Int, { description: 'Year the audit covers (审计年度)' })
  year!: number;

  @Field(() => String, { description: 'Level of the audit (审计类别)' })
  level!: string;

  @Field(() => String, { description: 'Auditing body (审计机构)' })
  auditor!: string;

  @Field(() => String, { description: 'Conclusion (审计结论)' })
  conclusion!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Annual electricity per floor area, kWh/m² (单位面积年用电量)',
  })
  energyUseKwhPerM2?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Saving potential found, per cent (节能潜力, %)' })
  savingPotentialPercent?: string | null;

  @Field(() => LocalDate, { description: 'Day of completion (完成日期)' })
  completedOn!: string;
}

@InputType({ description: 'A metering review to record (能源计量审查登记)' })
export class MeteringReviewInput {
  @Field(() => ID, { description: 'Unified social credit code of the enterprise (统一社会信用代码)' })
  enterpriseUscc!: string;

  @Field(() => Int, { description: 'Year of the review plan (审查年度)' })
  year!: number;

  @Field(() => String, { description: 'Leader of the review team (审查组组长)' })
  leader!: string;

  @Field(() => String, { description: 'PLANNED, PASSED, CORRECTION or EXEMPT (审查结果)' })
  result!: string;

  @Field(() => Int, { defaultValue: 0, description: 'Non-conformities found (不符合项数)' })
  nonconformities!: number;

  @Field(() => LocalDate, { description: 'Planned day of the site review (计划日期)' })
  plannedOn!: string;

  @Field(() => LocalDate, { nullable: true, description: 'Day of the site review (现场审查日期)' })
  reviewedOn?: string | null;
}

@ArgsType()
export class EnergyAuditsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => Int, { nullable: true, description: 'Year (审计年度)' })
  year?: number | null;

  @Field(() => ID, { nullable: true, description: 'Building code (建筑编码)' })
  buildingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Owner (产权单位)' })
  enterpriseUscc?: string | null;
}

@ArgsType()
export class MeteringReviewsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => Int, { nullable: true, description: 'Year (审查年度)' })
  year?: number | null;

  @Field(() => String, { nullable: true, description: 'PLANNED, PASSED, CORRECTION or EXEMPT (审查结果)' })
  result?: string | null;

  @Field(() => ID, { nullable: true, description: 'Enterprise (用能单位)' })
  enterpriseUscc?: string | null;
}
