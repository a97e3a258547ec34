import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';

@Guarded('quality:read')
@AboutSubject('quality')
@ObjectType({ description: 'A visit to a meter: what was found there and what was done (现场维护记录)' })
@Entity({ schema: 'metering', tableName: 'maintenance_visit' })
export class MaintenanceVisit {
  @Field(() => ID, { description: 'Identifier, vis_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  /** Published as `meter`. */
  @Property({ type: 'text' })
  meter!: string;

  @Field(() => ID, { nullable: true, description: 'Case that it is about (处置单)' })
  @Property({ type: 'text', nullable: true })
  caseId!: string | null;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => LocalDate, { description: 'Day of the visit (维护日期)' })
  @Property({ type: 'text', columnType: 'date' })
  visitedOn!: string;

  @Field(() => String, { description: 'Who was there (维护人员)' })
  @Property({ type: 'text' })
  visitor!: string;

  @Field(() => String, { description: 'What was found (发现情况)' })
  @Property({ type: 'text' })
  found!: string;

  @Field(() => String, { description: 'What was done (处理措施)' })
  @Property({ type: 'text' })
  done!: string;

  @Field(() => ID, { nullable: true, description: 'Appliance that was put in, dev_… (更换的器具)' })
  @Property({ type: 'text', nullable: true })
  device!: string | null;

  @Field(() => [ID], { description: 'Findings that it answers (对应的数据质量问题)' })
  @Property({ type: 'array', columnType: 'bigint[]' })
  findings!: string[];

  @Field(() => ID, { description: 'Tenant that recorded it (登记方)' })
  @Property({ type: 'text' })
  recordedBy!: string;

  @Field(() => Instant, { description: 'When it was recorded (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  recordedAt!: string;
}

export const MaintenanceVisitConnection = connectionOf(MaintenanceVisit, 'MaintenanceVisit', 'quality:read');
