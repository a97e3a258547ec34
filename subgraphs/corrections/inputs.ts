import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Decimal, LocalDate } from '../runtime/scalars.js';

@InputType({ description: 'The right values of a meter’s day, whole (日数据更正)' })
export class DayCorrectionInput {
  @Field(() => ID, { description: 'The meter (计量器具编号)' })
  meter!: string;

  @Field(() => LocalDate, { description: 'The day (日期)' })
  date!: string;

  @Field(() => Int, { description: 'Minutes between values (间隔, 分钟)' })
  interval!: number;

  @Field(() => [Decimal], {
    nullable: 'items',
    description: 'All values from local midnight on, null where missing (数值序列)',
  })
  values!: (string | null)[];
}

@InputType({ description: 'The right value of one field (更正项)' })
export class FieldCorrectionInput {
  @Field(() => String, { description: 'Name of the field, as it is published (字段)' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text; null where none is known (数值)' })
  value?: string | null;
}

@InputType({ description: 'The right values of one archived record (档案更正)' })
export class RecordCorrectionInput {
  @Field(() => String, {
    description:
      'ENERGY_AUDIT, METERING_REVIEW, INSPECTION, INSPECTION_DOCUMENT or INSPECTION_FINDING (档案类型)',
  })
  kind!: string;

  @Field(() => ID, { description: 'The record (档案编号)' })
  id!: string;

  @Field(() => [FieldCorrectionInput], { description: 'The fields to correct (更正项)' })
  fields!: FieldCorrectionInput[];
}

@InputType({ description: 'A correction to propose: of a day, or of a record (更正申请)' })
export class CorrectionInput {
  @Field(() => DayCorrectionInput, { nullable: true, description: 'A meter’s day (日数据)' })
  day?: DayCorrectionInput | null;

  @Field(() => RecordCorrectionInput, { nullable: true, description: 'A record (档案)' })
  record?: RecordCorrectionInput | null;

  @Field(() => String, { description: 'Why (更正理由)' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the evidence (证明材料哈希)' })
  evidenceSha256?: string | null;

  @Field(() => Int, { defaultValue: 30, description: 'Days that it stays open, 1 to 90 (有效天数)' })
  validDays!: number;
}

@ArgsType()
export class CorrectionsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'State (状态)' })
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'Kind of what is corrected (更正对象类型)' })
  kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Record or meter (更正对象)' })
  record?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'The tenant that proposed it (申请单位)' })
  proposedBy?: string | null;
}

@ArgsType()
export class DecisionArguments {
  @Field(() => ID, { description: 'Identifier (编号)' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What the record is to say of it (意见)' })
  note?: string | null;
}
