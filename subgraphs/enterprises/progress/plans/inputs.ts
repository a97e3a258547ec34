import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@InputType({ description: 'What is planned for a key unit; it replaces the plan before (接入计划)' })
export class AccessPlanInput {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  enterpriseUscc!: string;

  @Field(() => LocalDate, { description: 'When it is to upload daily (计划完成日期)' })
  plannedOn!: string;

  @Field(() => String, { description: 'Organ that leads, at most 200 characters (牵头部门)' })
  organ!: string;

  @Field(() => String, { nullable: true, description: 'Batch, at most 100 characters (接入批次)' })
  batch?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Being built since (开工日期)' })
  buildingSince?: string | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'Main kinds, energy classes of two digits: 01 electricity, 03 gas, … (主要能源品种)',
  })
  energyClasses!: string[];
}

@ArgsType()
export class AccessPlansArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Unified social credit code (统一社会信用代码)' })
  enterpriseUscc?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
