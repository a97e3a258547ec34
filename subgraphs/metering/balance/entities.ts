import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';
import { CoalBasis, CoalEquivalent } from '../coal/entities.js';
import { Consumption } from '../entities.js';

/** What is left of a total; it has no meters of its own. */
@Guarded('readings:read')
@ObjectType({
  description:
    'What is left of a measured total when its measured parts are taken away; where a part misses values, they are in it (差额, 仅实测)',
})
export class Remainder {
  @Field(() => Decimal, { description: 'Total less parts; negative where the parts are more (差额)' })
  amount!: string;

  @Field(() => String, { description: 'Unit (计量单位)' })
  unit!: string;

  /** Not published: the item that it is left of, and where and when. */
  energyItem!: string;
  areas!: string[];
  from!: string;
  to!: string;
}

@Guarded('readings:read')
@ObjectType({ description: 'One item that is metered within an energy class (分项用能)' })
export class EnergyPart {
  @Field(() => ID, { description: 'Energy item (能耗分类分项代码)' })
  energyItem!: string;

  @Field(() => ID, { nullable: true, description: 'The next item above it that is metered too (所属分项)' })
  partOf!: string | null;

  @Field(() => Boolean, {
    description: 'Whether it is taken away from what is above; a local total such as 01E00 is not (是否计入)',
  })
  isCounted!: boolean;

  @Field(() => Consumption, { description: 'What it used, as measured (用能量)' })
  consumption!: Consumption;

  @Field(() => Remainder, {
    nullable: true,
    description: 'Less its own parts; null where it has none (差额)',
  })
  remainder!: Remainder | null;
}

/** The class total is metered at the gate and is not the sum of the parts; the difference is shown, whatever its sign. */
@Guarded('readings:read')
@ObjectType({
  description:
    'An energy class by its items, with what is left, of measured values alone: what is missing is in none of them, and estimates stand apart (能耗分项平衡, 仅实测)',
})
export class EnergyBreakdown {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;

  @Field(() => Consumption, {
    nullable: true,
    description: 'At the gate; null where no gate meter sent (总量)',
  })
  total!: Consumption | null;

  @Field(() => [EnergyPart], { description: 'Every item that is metered, by code (分项)' })
  parts!: EnergyPart[];

  @Field(() => Remainder, {
    nullable: true,
    description: 'Total less its parts; null without a total (差额)',
  })
  remainder!: Remainder | null;
}

@Guarded('readings:read')
@ObjectType({ description: 'One energy class within comprehensive energy consumption (综合能耗分项)' })
export class ComprehensiveTerm {
  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;

  @Field(() => Consumption, { description: 'What came in at the gate (进厂用能量)' })
  consumption!: Consumption;

  @Field(() => CoalEquivalent, { nullable: true, description: 'As standard coal (折标准煤量)' })
  coalEquivalent!: CoalEquivalent | null;

  @Field(() => String, { nullable: true, description: 'Why it could not be counted (未折算原因)' })
  missing!: string | null;
}

/** GB/T 2589: E = Σ (Ei × ki), on one basis. */
@Guarded('readings:read')
@ObjectType({
  description:
    'Comprehensive energy consumption, GB/T 2589, of measured values alone: estimates stand apart (综合能耗, 仅实测)',
})
export class ComprehensiveEnergy {
  @Field(() => Int, { description: 'Year (年份)' })
  year!: number;

  @Field(() => CoalBasis, { description: 'Basis of every term (口径)' })
  basis!: CoalBasis;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'tce of the measured terms that could be counted; null where one is a range, or none could (综合能耗, 吨标准煤)',
  })
  value!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'By the lower ends of the coefficients (下限)' })
  low!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'By the upper ends (上限)' })
  high!: string | null;

  @Field(() => [ComprehensiveTerm], { description: 'One a class and unit (各能源分项)' })
  terms!: ComprehensiveTerm[];

  @Field(() => [String], { description: 'Classes that were metered and have no coefficient (缺系数的分类)' })
  lacking!: string[];

  @Field(() => Boolean, {
    description: 'Whether every coefficient was checked against its source (系数是否均已核实)',
  })
  isVerified!: boolean;
}
