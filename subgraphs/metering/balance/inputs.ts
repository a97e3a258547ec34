import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { CoalBasis } from '../coal/entities.js';
import { PeriodArguments } from '../inputs.js';

@ArgsType()
export class BreakdownArguments extends PeriodArguments {
  @Field(() => String, { defaultValue: '01', description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;
}

@InputType({ description: 'Which energy a class is counted as (分类对应的能源品种)' })
export class ClassEnergyInput {
  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;

  @Field(() => ID, { description: 'Energy, e.g. LNG (能源品种代码)' })
  energy!: string;
}

@ArgsType()
export class ComprehensiveArguments {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;

  @Field(() => Int, { description: 'Year, 2000 to 2100 (年份)' })
  year!: number;

  @Field(() => CoalBasis, { description: 'EQUIVALENT or EQUAL_VALUE (口径)' })
  basis!: CoalBasis;

  @Field(() => [String], {
    nullable: true,
    description: 'Editions to count by, each for the energies that it holds; the rest by default (系数版本)',
  })
  editions?: string[] | null;

  @Field(() => [ClassEnergyInput], {
    nullable: true,
    description: 'Energies of classes that do not say which they are (能源品种)',
  })
  energies?: ClassEnergyInput[] | null;
}
