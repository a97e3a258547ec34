import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';

@InputType({ description: 'A column and its value (列与数值)' })
export class ColumnInput {
  @Field(() => String, { description: 'Name of the column in the database (列名)' })
  column!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text; null is none (数值)' })
  value?: string | null;
}

@InputType({ description: 'A row to change by hand (应急数据修改申请)' })
export class BreakGlassInput {
  @Field(() => String, { description: 'Schema and table, such as buildings.building (数据表)' })
  target!: string;

  @Field(() => [ColumnInput], { description: 'The primary key of the row, whole (主键)' })
  key!: ColumnInput[];

  @Field(() => [ColumnInput], { description: 'The new values (修改项)' })
  changes!: ColumnInput[];

  @Field(() => String, { description: 'GB/T 2260 code in which the row lies (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Why no other way will do (理由)' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the evidence (证明材料哈希)' })
  evidenceSha256?: string | null;
}

@ArgsType()
export class BreakGlassArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'State (状态)' })
  state?: string | null;

  @Field(() => ID, { nullable: true, description: 'The tenant that asked (申请单位)' })
  requestedBy?: string | null;
}
