import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Decimal, LocalDate } from '../../../runtime/scalars.js';

@InputType({
  description:
    'A place that should have a meter; of one that is registered, what is left out stays as it is and null clears it (应配备计量器具处)',
})
export class MeteredPlaceInput {
  @Field(() => ID, { description: 'Identifier: letters, digits, . _ : -, at most 64 (编号)' })
  id!: string;

  @Field(() => ID, { description: 'Whose it is (用能单位)' })
  enterpriseUscc!: string;

  @Field(() => String, { description: 'Name (名称)' })
  name!: string;

  @Field(() => String, { description: 'Kind of energy, of fitOutKinds (能源种类)' })
  energyKind!: string;

  @Field(() => Int, { description: '1 entrance of the unit, 2 main sub-unit, 3 main equipment (计量级别)' })
  level!: number;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Power or use, in the unit of the edition’s threshold, e.g. kW; below the threshold no meter is needed, without it one is (功率或用能量)',
  })
  quantity?: string | null;

  @Field(() => ID, { nullable: true, description: 'The meter fitted there (计量器具)' })
  meterId?: string | null;
}

@InputType({ description: 'A rate that an edition requires (配备率要求)' })
export class FitOutRateInput {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all areas within (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Edition, of fitOutEditions (标准版本)' })
  edition!: string;

  @Field(() => String, { description: 'Kind of energy, of fitOutKinds (能源种类)' })
  energyKind!: string;

  @Field(() => Int, { description: 'Level 1, 2 or 3 (计量级别)' })
  level!: number;

  @Field(() => Decimal, { description: 'Per cent (配备率要求, %)' })
  percent!: string;

  @Field(() => String, { description: 'Where it stands (来源)' })
  source!: string;
}

@InputType({ description: 'How many meters are needed, as the caller counts them (应配备数)' })
export class FitOutDueInput {
  @Field(() => String, { description: 'Kind of energy, of fitOutKinds (能源种类)' })
  energyKind!: string;

  @Field(() => Int, { description: 'Level 1, 2 or 3 (计量级别)' })
  level!: number;

  @Field(() => Int, { description: 'Meters needed (应配备数)' })
  needed!: number;
}

@ArgsType()
export class MeterFitOutArguments {
  @Field(() => String, {
    nullable: true,
    description: 'Edition, of fitOutEditions; the one in force on the day by default (标准版本)',
  })
  edition?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Day; today in Shanghai by default (日期)' })
  on?: string | null;

  @Field(() => [FitOutDueInput], {
    nullable: true,
    description:
      'Instead of the places registered: numbers needed, compared with the enterprise’s meters in use of the kind’s class and level (应配备数)',
  })
  due?: FitOutDueInput[] | null;
}
