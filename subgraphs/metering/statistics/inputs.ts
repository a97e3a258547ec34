import { ArgsType, Field, ID, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { LocalDate } from '../../runtime/scalars.js';

const MONTH = 'First day of the month (月份)';

@ArgsType()
export class EditionArguments {
  @Field(() => LocalDate, { description: MONTH })
  month!: string;

  @Field(() => String, {
    nullable: true,
    description: 'GB/T 2260 code of the city; needed where editions of several are in reach (行政区划代码)',
  })
  area?: string | null;

  @Field(() => Int, { nullable: true, description: 'Revision; the latest by default (修订号)' })
  revision?: number | null;
}

@ArgsType()
export class EditionsArguments extends PageArguments {
  @Field(() => LocalDate, { nullable: true, description: MONTH })
  month?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}

@ArgsType()
export class CellsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code, as a cell has it (行政区划代码)' })
  area?: string | null;

  @Field(() => [String], { nullable: true, description: 'Letters of building types (建筑类型代码)' })
  buildingTypes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Energy class total, e.g. 01000 (能耗分类代码)' })
  energyItem?: string | null;
}

@ArgsType()
export class StatisticsAcknowledgementArguments {
  @Field(() => ID, { description: 'The edition (发布编号)' })
  id!: string;

  @Field(() => String, { description: 'SHA-256 of the content as it arrived, lower case (内容哈希)' })
  sha256!: string;
}
