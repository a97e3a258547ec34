import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';

/** One version of what is planned for a unit; the last one counts. A view: the area is the unit's. */
@Guarded('enterprises:read')
@ObjectType({ description: 'Plan to connect a key unit (重点用能单位接入计划)' })
@AboutSubject('enterprises', { subject: 'uscc' })
@Entity({ schema: 'enterprises', tableName: 'known_access_plan' })
export class AccessPlan {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  @PrimaryKey({ type: 'text' })
  uscc!: string;

  @Field(() => Int, { description: 'Version, counting up; the last counts (版本)' })
  @PrimaryKey({ type: 'integer' })
  version!: number;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => LocalDate, { description: 'When it is to upload daily (计划完成日期)' })
  @Property({ type: 'text', columnType: 'date' })
  plannedOn!: string;

  @Field(() => String, { description: 'Organ that leads (牵头部门)' })
  @Property({ type: 'text' })
  organ!: string;

  @Field(() => String, { nullable: true, description: 'Batch (接入批次)' })
  @Property({ type: 'text', nullable: true })
  batch!: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Being built since (开工日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  buildingSince!: string | null;

  @Field(() => [String], { description: 'Main kinds declared, energy classes of two digits (主要能源品种)' })
  @Property({ type: 'array', columnType: 'text[]' })
  energyClasses!: string[];

  @Field(() => ID, { description: 'Tenant that planned it (填报单位)' })
  @Property({ type: 'text' })
  plannedBy!: string;

  @Field(() => Instant, { description: 'When (填报时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  plannedAt!: string;
}

export const AccessPlanConnection = connectionOf(AccessPlan, 'AccessPlan', 'enterprises:read');
