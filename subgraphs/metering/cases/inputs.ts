import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { LocalDate } from '../../runtime/scalars.js';
import { FoundArguments } from '../quality/inputs.js';

@ArgsType()
export class CasesArguments extends FoundArguments {
  @Field(() => String, {
    nullable: true,
    description: 'OPEN, ASSIGNED, EXPLAINED, REPAIRED, ESTIMATED or CLOSED (状态)',
  })
  status?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those that are open, or that are closed (是否未办结)',
  })
  isOpen?: boolean | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only those due on or before this day (办理期限)' })
  dueBy?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those that are escalated, or that are not (是否已升级)',
  })
  isEscalated?: boolean | null;
}

@ArgsType()
export class CaseStepArguments {
  @Field(() => ID, { description: 'The case, cas_… (处置单)' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What is to be said of it, at most 2000 characters (说明)',
  })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of evidence, which stays with the caller (凭证摘要)',
  })
  evidenceSha256?: string | null;
}

@ArgsType()
export class AssignCaseArguments extends CaseStepArguments {
  @Field(() => String, { description: 'Who is to work on it, at most 200 characters (承办人)' })
  assignee!: string;
}

@InputType({ description: 'What opens a case in an area and how long it may take (处置规则)' })
export class CaseRulesInput {
  @Field(() => String, { description: 'GB/T 2260 code; they count in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'NOTICE, WARNING or SEVERE (立单严重程度)' })
  leastSeverity!: string;

  @Field(() => Int, { description: 'Working days until it is escalated, 1 to 60 (办理工作日)' })
  workingDays!: number;

  @Field(() => Int, {
    description: 'Days in which what comes back opens the same case again, 0 to 365 (复发期限)',
  })
  reopenDays!: number;

  @Field(() => String, { description: 'Why, at most 500 characters (理由)' })
  reason!: string;
}
