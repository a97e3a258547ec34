import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Decimal, LocalDate } from '../../../runtime/scalars.js';

/** What figures are told apart by, beside energy item and unit, which are never added up. */
export enum Grouping {
  AREA = 'AREA',
  BUILDING_TYPE = 'BUILDING_TYPE',
  BUILDING_FUNCTION = 'BUILDING_FUNCTION',
}
registerEnumType(Grouping, {
  name: 'Grouping',
  description: 'What statistics are told apart by, beside energy item and unit (统计分组)',
  valuesConfig: {
    AREA: { description: 'Districts, by code (行政区划)' },
    BUILDING_TYPE: { description: 'What buildings are for; null is what is in none (建筑类型)' },
    BUILDING_FUNCTION: {
      description:
        'What buildings are mainly used for; null is what is in none, or in one of which it is not registered (建筑功能)',
    },
  },
});

/** An exact figure of the caller's own area; nothing is withheld from who may read what it is made of. */
@Guarded('readings:read')
@ObjectType({
  description: 'One figure of statistics of one’s own area, of measured values alone (分类统计值, 仅实测)',
})
export class StatisticsFigure {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Hour of the day, 0 to 23; null in longer periods (小时)',
  })
  hour!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'GB/T 2260 code, where told apart by it (行政区划代码)',
  })
  area!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Letter, where told apart by it; null also where it is in no building (建筑类型代码)',
  })
  buildingType!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Code, where told apart by it; null also where it is in no building, or that of the building is not registered (建筑功能代码)',
  })
  buildingFunction!: string | null;

  @Field(() => String, { description: 'Energy class and sub-item (能耗分类分项代码)' })
  energyItem!: string;

  @Field(() => String, { description: 'Unit of the total (计量单位)' })
  unit!: string;

  @Field(() => Decimal, { description: 'Exact sum of the values present (合计)' })
  total!: string;

  @Field(() => Int, { description: 'Enterprises in it (单位数)' })
  subjects!: number;

  @Field(() => Int, { description: 'Buildings in it (建筑数)' })
  buildings!: number;

  @Field(() => Float, { description: 'Values present (有效数据个数)' })
  present!: number;

  @Field(() => Float, { description: 'Values that its days should have (应有数据个数)' })
  due!: number;

  /** Not published. */
  buildingIds!: string[];

  /** Not published: whose coefficients count. */
  areas!: string[];
}

export const StatisticsFigureConnection = connectionOf(StatisticsFigure, 'StatisticsFigure', 'readings:read');
