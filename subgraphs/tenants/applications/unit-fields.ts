import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Decimal } from '../../runtime/scalars.js';

/** What the lists of units say of each; consumption by energy kind and acceptance are annex 6's. */
@ObjectType()
@InputType()
export abstract class YearOfEnergyFields {
  @Field(() => Int, { description: 'Year (年度)' })
  year!: number;

  @Field(() => Decimal, { description: 'Comprehensive energy consumption, tce (综合能源消费量, 吨标准煤)' })
  tce!: string;
}

@ObjectType()
@InputType()
export abstract class UnitFields {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  name!: string;

  @Field(() => String, { description: 'Industry, GB/T 4754 section or class (行业)' })
  industry!: string;

  @Field(() => String, { description: 'Where it lies, GB/T 2260 (地点)' })
  place!: string;

  @Field(() => String, { description: 'Nature of the unit, as its register names it (单位性质)' })
  nature!: string;

  @Field(() => [String], {
    description: 'Main energy kinds, two digits of the energy item (主要用能品种)',
  })
  energyKinds!: string[];
}

@ObjectType()
@InputType()
export abstract class KindOfEnergyFields {
  @Field(() => String, { description: 'Energy kind, two digits (用能品种)' })
  energyKind!: string;

  @Field(() => Decimal, {
    description:
      'Consumption of the last year of the list, tce, on the basis of the comprehensive one (能源消费量, 吨标准煤)',
  })
  tce!: string;
}

@ObjectType()
@InputType()
export abstract class AcceptanceFields {
  @Field(() => String, {
    description: 'DATA_QUALITY, METERING, END_DEVICES or AUTHORITY_OPINION (验收内容)',
  })
  aspect!: string;

  @Field(() => Boolean, { description: 'Passed (是否合格)' })
  isPassed!: boolean;

  @Field(() => String, { description: 'What was found, or the opinion (验收情况)' })
  opinion!: string;
}
