import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Instant, LocalDate } from '../runtime/scalars.js';

/** Stub of the enterprises room's type: the inspections of an enterprise. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;
}

/** The archive of one inspection task: the task, its documents and its findings (seed 004, 5.4). */
@Directive('@key(fields: "id")')
@Guarded('inspections:read')
@ObjectType({ description: 'Energy-saving inspection (节能监察)' })
@AboutSubject('inspections')
@Entity({ schema: 'inspections', tableName: 'inspection' })
export class Inspection {
  @Field(() => ID, { description: 'Identifier, ins_… (监察编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Task number given by the agency (监察任务编号)' })
  @Property({ type: 'text' })
  taskNumber!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, {
    description:
      'DOCUMENTS, BENCHMARKING, EQUIPMENT_ELIMINATION, TIERED_PRICE, DAILY, PROJECT_REVIEW or MOTOR_EFFICIENCY (监察类型)',
  })
  @Property({ type: 'text' })
  type!: string;

  @Field(() => String, { description: 'NOT_STARTED, IN_PROGRESS, COMPLETED or REVOKED (任务状态)' })
  @Property({ type: 'text' })
  state!: string;

  @Field(() => String, { description: 'Level of the task, e.g. MUNICIPAL (任务等级)' })
  @Property({ type: 'text' })
  level!: string;

  @Field(() => String, { description: 'Inspecting agency (监察机构)' })
  @Property({ type: 'text' })
  agency!: string;

  @Field(() => LocalDate, { description: 'Day the task was created (创建日期)' })
  @Property({ type: 'text', columnType: 'date' })
  createdOn!: string;

  @Field(() => Instant, { description: 'When it was recorded here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

/** A document of an inspection; the hub keeps its hash, the agency keeps the paper. */
@Guarded('inspections:read')
@ObjectType({ description: 'Document of an inspection (监察文书)' })
@AboutSubject('inspections')
@Entity({ schema: 'inspections', tableName: 'document' })
export class InspectionDocument {
  @Field(() => ID, { description: 'Identifier within the archive: ins_…#001 (文书或问题编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  inspection!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Name of the form (文书名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the file, hexadecimal (文件哈希)' })
  @Property({ type: 'text', nullable: true })
  sha256!: string | null;
}

@Guarded('inspections:read')
@ObjectType({ description: 'Finding of an inspection (监察发现的问题)' })
@AboutSubject('inspections')
@Entity({ schema: 'inspections', tableName: 'finding' })
export class InspectionFinding {
  @Field(() => ID, { description: 'Identifier within the archive: ins_…#001 (文书或问题编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  inspection!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Clause that was not met (依据条款)' })
  @Property({ type: 'text', nullable: true })
  clause!: string | null;

  @Field(() => String, { description: 'What was found (问题描述)' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => String, { description: 'ADVICE, CORRECTION or VIOLATION (严重程度)' })
  @Property({ type: 'text' })
  severity!: string;

  @Field(() => Int, { description: 'Place in the archive, from 1 (序号)' })
  @Property({ type: 'smallint' })
  place!: number;
}

export const InspectionConnection = connectionOf(Inspection, 'Inspection', 'inspections:read');
export const InspectionDocumentConnection = connectionOf(
  InspectionDocument,
  'InspectionDocument',
  'inspections:read',
);
export const InspectionFindingConnection = connectionOf(
  InspectionFinding,
  'InspectionFinding',
  'inspections:read',
);
