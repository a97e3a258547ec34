import { ArgsType, Field, Int } from 'type-graphql';
import { LocalDate } from '../../../runtime/scalars.js';
import { ClimateZone } from './entities.js';

@ArgsType()
export class PeersArguments {
  @Field(() => LocalDate, { description: 'First day of the month (月份)' })
  month!: string;

  @Field(() => String, { defaultValue: '01000', description: 'Energy class total (能耗分类代码)' })
  energyItem!: string;
}

@ArgsType()
export class QuotaArguments {
  @Field(() => Int, { description: 'Year, 2000 to 2100 (年份)' })
  year!: number;

  @Field(() => ClimateZone, { description: 'Climate zone of the building (气候区)' })
  climateZone!: ClimateZone;

  @Field(() => String, { nullable: true, description: 'A or B; both by default (建筑分类)' })
  buildingClass?: string | null;
}
