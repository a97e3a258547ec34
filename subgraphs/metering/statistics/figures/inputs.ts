import { ArgsType, Field } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';
import { Step } from '../../rollups/inputs.js';
import { Grouping } from './entities.js';

@ArgsType()
export class StatisticsArguments extends PageArguments {
  @Field(() => String, { description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area!: string;

  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => Step, { description: 'How long each period is (统计步长)' })
  step!: Step;

  @Field(() => [Grouping], { defaultValue: [], description: 'What figures are told apart by (统计分组)' })
  by!: Grouping[];

  @Field(() => String, {
    nullable: true,
    description:
      'Energy item, summed over the gate meters for a class, else over its outermost meters: one below another of the same item is not counted again; by default every class (能耗分类分项代码)',
  })
  energyItem?: string | null;
}
