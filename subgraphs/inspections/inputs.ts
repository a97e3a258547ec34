import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { LocalDate } from '../runtime/scalars.js';

@InputType({ description: 'A document of an inspection (监察文书)' })
export class InspectionDocumentInput {
  @Field(() => String, { description: 'Name of the form (文书名称)' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the file, hexadecimal (文件哈希)' })
  sha256?: string | null;
}

@InputType({ description: 'A finding of an inspection (监察发现的问题)' })
export class InspectionFindingInput {
  @Field(() => String, { nullable: true, description: 'Clause that was not met (依据条款)' })
  clause?: string | null;

  @Field(() => String, { description: 'What was found (问题描述)' })
  description!: string;

  @Field(() => String, { description: 'ADVICE, CORRECTION or VIOLATION (严重程度)' })
  severity!: string;
}

@InputType({ description: 'An inspection to archive (节能监察归档)' })
export class InspectionInput {
  @Field(() => String, { description: 'Task number given by the agency; unique in its area (监察任务编号)' })
  taskNumber!: string;

  @Field(() => ID, { description: 'Unified social credit code of the enterprise (被监察单位)' })
  enterpriseUscc!: string;

  @Field(() => String, { description: 'Kind of inspection, see Inspection.type (监察类型)' })
  type!: string;

  @Field(() => String, {
    defaultValue: 'NOT_STARTED',
    description: 'NOT_STARTED, IN_PROGRESS, COMPLETED, REVOKED (任务状态)',
  })
  state!: string;

  @Field(() => String, { description: 'Level of the task, e.g. MUNICIPAL (任务等级)' })
  level!: string;

  @Field(() => String, { description: 'Inspecting agency (监察机构)' })
  agency!: string;

  @Field(() => LocalDate, { description: 'Day the task was created (创建日期)' })
  createdOn!: string;

  @Field(() => [InspectionDocumentInput], { nullable: true, description: 'Documents, at most 100 (文书)' })
  documents?: InspectionDocumentInput[] | null;

  @Field(() => [InspectionFindingInput], { nullable: true, description: 'Findings, at most 100 (问题)' })
  findings?: InspectionFindingInput[] | null;
}

/** The filters that the inspection platform norm asks for (seed 004, 5.2 task query). */
@ArgsType()
export class InspectionsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (所属地)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Enterprise (被监察单位)' })
  enterpriseUscc?: string | null;

  @Field(() => String, { nullable: true, description: 'Kind (监察类型)' })
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'State (任务状态)' })
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'Level (任务等级)' })
  level?: string | null;

  @Field(() => String, { nullable: true, description: 'Agency (监察机构)' })
  agency?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Created on or after (创建日期起)' })
  createdFrom?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Created on or before (创建日期止)' })
  createdTo?: string | null;
}
