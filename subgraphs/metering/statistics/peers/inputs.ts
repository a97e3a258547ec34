import { ArgsType, Field, Float, Int } from 'type-graphql';
import { LocalDate } from '../../../runtime/scalars.js';
import { ClimateZone } from './entities.js';

@ArgsType()
export class PeersArguments {
  @Field(() => LocalDate, { description: 'First day of the month (月份)' })
  month!: string;

  @Field(() => String, { defaultValue: '01000', description: 'Energy class total (能耗分类代码)' })
  energyItem!: string;
}

/**
 * A quota limits a year, and a season is none: the days that may be missing, 18 of 365, are fewer than any month has.
 * No source names a share, so the figure is the operator's own; who asks may want more, and not less.
 */
export const LEAST_SHARE_OF_DAYS = 0.95;

@ArgsType()
export class QuotaArguments {
  @Field(() => Int, { description: 'Year, 2000 to 2100 (年份)' })
  year!: number;

  @Field(() => ClimateZone, { description: 'Climate zone of the building (气候区)' })
  climateZone!: ClimateZone;

  @Field(() => String, { nullable: true, description: 'A or B; both by default (建筑分类)' })
  buildingClass?: string | null;

  @Field(() => Float, {
    defaultValue: LEAST_SHARE_OF_DAYS,
    description: `Share of the year’s days from which it counts as whole, ${LEAST_SHARE_OF_DAYS} to 1 (全年数据最低占比)`,
  })
  leastShareOfDays!: number;
}
