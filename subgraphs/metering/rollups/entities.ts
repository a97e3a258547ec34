import { Field, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';
import type { EstimatedPart } from '../estimates/sums/entities.js';

/** What some meters add up to over one period of a series. */
@Guarded('readings:read')
@ObjectType({ description: 'One period of a series of consumption (时段用能量)' })
export class ConsumptionPeriod {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Hour of the day, 0 to 23; null where a period is a day or longer (小时)',
  })
  hour!: number | null;

  @Field(() => String, { nullable: true, description: 'Unit; null when nothing was summed (计量单位)' })
  unit!: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Exact sum of the values measured; estimates are in none; null when there are none (实测合计)',
  })
  total!: string | null;

  /** Asked for: what was estimated beside it. */
  estimates?: EstimatedPart;

  @Field(() => Int, { description: 'Values present (有效数据个数)' })
  present!: number;

  @Field(() => Int, { description: 'Values that the days which were uploaded should hold (应有数据个数)' })
  due!: number;

  @Field(() => Int, {
    description:
      'By hours, at hour 0: days of meters whose values are known for the whole day alone; they are in no hour (仅有日值的表日数)',
  })
  wholeDays!: number;
}

export const ConsumptionPeriodConnection = connectionOf(
  ConsumptionPeriod,
  'ConsumptionPeriod',
  'readings:read',
);
