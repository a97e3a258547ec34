import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { LocalDate } from '../../../runtime/scalars.js';

@Guarded('quality:write')
@ObjectType({ description: 'How often a rule finds something, by two editions (规则命中次数对比)' })
export class ReplayedRule {
  @Field(() => ID, { description: 'Rule (规则代码)' })
  rule!: string;

  @Field(() => Int, { description: 'Days of meters, by the edition in force (现行版本命中数)' })
  adopted!: number;

  @Field(() => Int, { description: 'Days of meters, by the draft (草案命中数)' })
  draft!: number;
}

@Guarded('quality:write')
@ObjectType({ description: 'A day on which two editions differ (差异样例)' })
export class ReplayedExample {
  @Field(() => ID, { description: 'Meter (计量器具编号)' })
  meterId!: string;

  @Field(() => LocalDate, { description: 'Day (日期)' })
  date!: string;

  @Field(() => ID, { description: 'Rule (规则代码)' })
  rule!: string;

  @Field(() => Boolean, {
    description:
      'Whether the draft finds it and the edition in force does not; otherwise the other way round (是否草案新增)',
  })
  isNew!: boolean;
}

/** What a draft would have found; nothing is written. */
@Guarded('quality:write')
@ObjectType({ description: 'History judged by a draft of the rules (规则草案回放)' })
export class QualityReplay {
  @Field(() => Int, { description: 'The edition in force (现行版本号)' })
  adopted!: number;

  @Field(() => Int, { description: 'The draft (草案版本号)' })
  draft!: number;

  @Field(() => Int, { description: 'Days of meters judged (判定的表日数)' })
  meterDays!: number;

  @Field(() => [ReplayedRule], { description: 'By rule (按规则)' })
  rules!: ReplayedRule[];

  @Field(() => [ReplayedExample], { description: 'What differs, 20 at most (差异样例)' })
  examples!: ReplayedExample[];
}
