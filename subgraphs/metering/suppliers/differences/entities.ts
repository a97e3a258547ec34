import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Decimal, Instant } from '../../../runtime/scalars.js';

/** How what was supplied and what was metered compare, as of now. */
export const DIFFERENCE_STATES = {
  MATCHED: '一致',
  DIFFERENT: '不一致',
  PARTIAL: '数据不全',
  NO_READINGS: '无计量数据',
  NO_CUSTOMER: '用户编号未对应',
  UNITS_DIFFER: '计量单位无法换算',
  WITHHELD: '超出可见范围',
} as const;
export type DifferenceState = keyof typeof DIFFERENCE_STATES;

const COMPARED = ['supplies:read', 'readings:read', 'meters:read'] as const;

@Guarded(...COMPARED)
@ObjectType({
  description: 'What was supplied to a customer in a period beside what its meters measured (供用差异)',
})
export class SupplyDifference {
  @Field(() => ID, { description: 'Supplier (供能企业)' })
  supplier!: string;

  @Field(() => String, { description: 'Customer number (用户编号)' })
  customer!: string;

  @Field(() => String, { description: 'Energy class and sub-item (能耗分类分项代码)' })
  energyItem!: string;

  @Field(() => Instant, { description: 'When the period begins (周期起)' })
  fromAt!: string;

  @Field(() => Instant, { description: 'When it ends (周期止)' })
  toAt!: string;

  @Field(() => String, { description: 'GB/T 2260 code, as the supplier gave it (行政区划代码)' })
  area!: string;

  @Field(() => String, {
    description: `How they compare: ${Object.entries(DIFFERENCE_STATES)
      .map(([state, name]) => `${state} ${name}`)
      .join(', ')} (比对结果)`,
  })
  state!: DifferenceState;

  @Field(() => [String], { description: 'Bills or records of the period, which count together (记录编号)' })
  records!: string[];

  @Field(() => String, { nullable: true, description: 'Unit of the figures (计量单位)' })
  unit!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Supplied (供能量)' })
  supplied!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Metered: the values present (计量值)' })
  metered!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Supplied less metered (差值)' })
  difference!: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'The difference in percent of what was supplied, rounded to 4 places (差异率, %)',
  })
  percent!: string | null;

  @Field(() => Decimal, { description: 'Tolerance in percent of what was supplied (允许差, %)' })
  tolerance!: string;

  @Field(() => String, { description: 'Where the tolerance is said (允许差来源)' })
  toleranceSource!: string;

  @Field(() => Boolean, { description: 'Whether the tolerance was checked against a source (是否核实)' })
  toleranceVerified!: boolean;

  @Field(() => [ID], { description: 'Meters that the number stands for in the period (对应计量器具)' })
  meters!: string[];

  @Field(() => Int, { description: 'Values present (有效数据个数)' })
  present!: number;

  @Field(() => Int, {
    description: 'Intervals without a value, those that the period cuts included (缺失间隔数)',
  })
  missing!: number;

  @Field(() => Int, { description: 'Whole or part days without a linked meter (未对应天数)' })
  unlinkedDays!: number;

  @Field(() => Int, {
    description: 'Other periods of the customer and item that overlap with this one (重叠周期数)',
  })
  overlaps!: number;
}

export const SupplyDifferenceConnection = connectionOf(SupplyDifference, 'SupplyDifference', COMPARED);
