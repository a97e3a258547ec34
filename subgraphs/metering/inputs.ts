import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Decimal, LocalDate } from '../runtime/scalars.js';
import type { MeterKind } from './entities.js';

@InputType({
  description:
    'A meter to register; of one that is registered, what is left out stays as it is and null clears it (计量器具登记)',
})
export class MeterInput {
  @Field(() => ID, { description: 'Identifier: letters, digits, . _ : -, at most 64 (计量器具编号)' })
  id!: string;

  @Field(() => String, { description: 'Name (名称)' })
  name!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Building it measures; owner and area come from it. With an owner alone it is in none (建筑编码)',
  })
  buildingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Owner, when there is no building (用能单位)' })
  enterpriseUscc?: string | null;

  @Field(() => ID, { nullable: true, description: 'The meter above it, of a lower level (上级计量器具)' })
  parentId?: string | null;

  @Field(() => Int, { description: '1 gate, 2 main sub-unit, 3 main equipment (计量级别)' })
  level!: number;

  @Field(() => String, {
    description:
      'Energy class of the closed list and sub-item, five characters; sub-items that the hub does not know are kept (能耗分类分项代码)',
  })
  energyItem!: string;

  @Field(() => String, {
    description: 'Unit of the values, e.g. kWh; energyUnits lists those of each class (计量单位)',
  })
  unit!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'INTERVAL or REGISTER; left out, a new meter is INTERVAL and a registered one stays what it is (数据类型: 区间量或表底数)',
  })
  kind?: MeterKind | null;

  @Field(() => Decimal, {
    nullable: true,
    description: '1 unless given; left out, it stays as it is (倍率)',
  })
  multiplier?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Places after the point that it shows, 0 to 6; left out, they stay as they are (小数位数)',
  })
  decimals?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Digits of the counter before the point, 1 to 9, by which it is known that it began again at 0; left out, they stay as they are (表底整数位数)',
  })
  registerDigits?: number | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Most that can physically pass in an hour, in its unit; left out, it stays as it is (每小时物理上限)',
  })
  ratedMaximumPerHour?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Minutes between values: 1, 5, 10, 15, 30, 60 or 1440; left out, 15 for a new meter and as it is for a registered one (采集间隔)',
  })
  intervalMinutes?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'IANA time zone of its days; left out, Asia/Shanghai for a new meter and as it is for a registered one (时区)',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Scheme of the identifier in another system (外部编码体系)',
  })
  externalScheme?: string | null;

  @Field(() => String, { nullable: true, description: 'Identifier in another system (外部编码)' })
  externalValue?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day in use (启用日期)' })
  installedOn?: string | null;
}

@ArgsType()
export class MetersArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Building (建筑编码)' })
  buildingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Owner (用能单位)' })
  enterpriseUscc?: string | null;

  @Field(() => Int, { nullable: true, description: 'Level 1, 2 or 3 (计量级别)' })
  level?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Energy item; 01 means all of class 01 (能耗分类分项代码)',
  })
  energyItem?: string | null;
}

/** Meters inside a building, enterprise or meter: the same filters without the parent. */
@ArgsType()
export class MetersWithinArguments extends PageArguments {
  @Field(() => Int, { nullable: true, description: 'Level 1, 2 or 3 (计量级别)' })
  level?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Energy item; 01 means all of class 01 (能耗分类分项代码)',
  })
  energyItem?: string | null;
}

@ArgsType()
export class DaysArguments extends PageArguments {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;
}

@ArgsType()
export class MeterDaysArguments extends DaysArguments {
  @Field(() => [ID], {
    nullable: true,
    description: 'Meters; all in reach by default, at most 500 (计量器具)',
  })
  meters?: string[] | null;
}

@ArgsType()
export class PeriodArguments {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day (截止日期)' })
  to!: string;
}

@ArgsType()
export class ItemPeriodArguments extends PeriodArguments {
  @Field(() => String, {
    defaultValue: '01000',
    description:
      'Energy item, summed over the gate meters for a class, else over its outermost meters: one below another of the same item is not counted again (能耗分类分项代码)',
  })
  energyItem!: string;
}

@ArgsType()
export class ConsumptionArguments extends ItemPeriodArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}
