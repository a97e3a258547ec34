import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { Decimal } from '../../../runtime/scalars.js';
import { Sourced } from '../../../runtime/sourced.js';

/** Where a figure stands among what is published of its peers; no closer, or asking would find them out. */
export enum PeerBand {
  UP_TO_P10 = 'UP_TO_P10',
  P10_TO_P25 = 'P10_TO_P25',
  P25_TO_P50 = 'P25_TO_P50',
  P50_TO_P75 = 'P50_TO_P75',
  P75_TO_P90 = 'P75_TO_P90',
  ABOVE_P90 = 'ABOVE_P90',
}
registerEnumType(PeerBand, {
  name: 'PeerBand',
  description: 'Place among peers; low is good (同类位次区间)',
});

@Guarded('statistics:read')
@ObjectType({ description: 'How the consumption a m² of like buildings of a city is spread (同类建筑对标)' })
export class Peers {
  @Field(() => ID, { description: 'The edition that says so (发布编号)' })
  edition!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the city (行政区划代码)' })
  area!: string;

  @Field(() => Int, { description: 'Buildings among them (建筑数)' })
  buildings!: number;

  @Field(() => Int, { description: 'Owners of these (单位数)' })
  subjects!: number;

  @Field(() => Decimal, { description: 'Mean, a m², to three figures (平均值)' })
  mean!: string;

  @Field(() => Decimal, { description: 'A tenth uses less (10 % 分位)' })
  p10!: string;

  @Field(() => Decimal, { description: 'A quarter uses less (25 % 分位)' })
  p25!: string;

  @Field(() => Decimal, { description: 'Median (中位数)' })
  p50!: string;

  @Field(() => Decimal, { description: 'Three quarters use less (75 % 分位)' })
  p75!: string;

  @Field(() => Decimal, { description: 'Nine tenths use less (90 % 分位)' })
  p90!: string;
}

@Guarded('readings:read')
@ObjectType({ description: 'The same month of an earlier year (历史同期)' })
export class EarlierYear {
  @Field(() => Int, { description: 'Year (年份)' })
  year!: number;

  @Field(() => Decimal, { nullable: true, description: 'A m²; null where nothing was summed (单位面积能耗)' })
  perSquareMetre!: string | null;
}

@Guarded('readings:read')
@ObjectType({ description: 'A building beside its peers and its own past (横向与纵向对比)' })
export class PeerComparison {
  @Field(() => String, { nullable: true, description: 'Unit of the consumption (计量单位)' })
  unit!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Its own, a m² (本建筑单位面积能耗)' })
  own!: string | null;

  @Field(() => Peers, {
    nullable: true,
    description: 'Null where nothing is published, or it has too few peers (同类建筑)',
  })
  peers!: Peers | null;

  @Field(() => PeerBand, { nullable: true, description: 'Its place among them (位次区间)' })
  band!: PeerBand | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'What it would save at the quarter that uses least, in the unit of its meters; 0 where it is there (节能潜力)',
  })
  savingPotential!: string | null;

  @Field(() => [EarlierYear], { description: 'The same month of the three years before (历史同期)' })
  history!: EarlierYear[];
}

/** How a figure stands to a quota: guide value (引导值), constraint value (约束值). */
export enum QuotaLevel {
  ADVANCED = 'ADVANCED',
  REASONABLE = 'REASONABLE',
  OVER = 'OVER',
}
registerEnumType(QuotaLevel, {
  name: 'QuotaLevel',
  description: 'How consumption stands to its quota (定额标示)',
  valuesConfig: {
    ADVANCED: { description: 'Not above the guide value (先进, 不高于引导值)' },
    REASONABLE: { description: 'Not above the constraint value (合理, 不高于约束值)' },
    OVER: { description: 'Above the constraint value (超限, 高于约束值)' },
  },
});

export enum ClimateZone {
  COLD = 'COLD',
  HOT_SUMMER_COLD_WINTER = 'HOT_SUMMER_COLD_WINTER',
  HOT_SUMMER_WARM_WINTER = 'HOT_SUMMER_WARM_WINTER',
  MILD = 'MILD',
}
registerEnumType(ClimateZone, {
  name: 'ClimateZone',
  description: 'Climate zone of GB/T 51161 (气候区)',
  valuesConfig: {
    COLD: { description: 'Severe cold and cold (严寒和寒冷)' },
    HOT_SUMMER_COLD_WINTER: { description: 'Hot summer, cold winter; Shanghai lies in it (夏热冬冷)' },
    HOT_SUMMER_WARM_WINTER: { description: 'Hot summer, warm winter (夏热冬暖)' },
    MILD: { description: 'Mild (温和)' },
  },
});

@Guarded('readings:read')
@ObjectType({ description: 'A year of a building beside one quota of its type (定额标示)' })
export class QuotaLabel extends Sourced {
  @Field(() => String, { description: 'Edition of the quota (定额版本)' })
  edition!: string;

  @Field(() => String, { description: 'A: natural ventilation; B: fully air-conditioned (建筑分类)' })
  buildingClass!: string;

  @Field(() => String, { description: 'What kind of the type (建筑细类)' })
  subtype!: string;

  @Field(() => Decimal, { description: 'Advanced up to it, kWh/(m²·a) (引导值)' })
  guideValue!: string;

  @Field(() => Decimal, { description: 'Reasonable up to it (约束值)' })
  constraintValue!: string;

  @Field(() => Decimal, {
    description: 'Electricity of the days that have values, a m²; other energy is not in it (单位面积电耗)',
  })
  own!: string;

  @Field(() => QuotaLevel, {
    nullable: true,
    description: 'Where it stands; null until the year is whole (标示)',
  })
  level!: QuotaLevel | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'kWh that it would save at the guide value; 0 where it is there, null until the year is whole (节能潜力)',
  })
  savingPotential!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it has no label (未标示原因)' })
  unlabelledBecause!: string | null;

  @Field(() => Float, { description: 'Share of the year’s days that have values, 0 to 1 (数据天数占比)' })
  shareOfDays!: number;
}
