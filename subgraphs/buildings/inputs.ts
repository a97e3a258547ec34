import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../runtime/lists.js';
import { Decimal, LocalDate } from '../runtime/scalars.js';

@InputType({ description: 'An identifier in another system (外部编码)' })
export class ExternalIdInput {
  @Field(() => String, { description: 'Which system or list (编码体系)' })
  scheme!: string;

  @Field(() => String, { description: 'The identifier there (编码值)' })
  value!: string;
}

@InputType({ description: 'How many people use a building from a day on (用能人数)' })
export class OccupancyInput {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  validFrom!: string;

  @Field(() => Int, { description: 'Persons, 1 to 1,000,000 (人数)' })
  persons!: number;
}

@InputType({
  description:
    'A building to register; of one that is registered, what is left out stays as it is and null clears it (建筑登记)',
})
export class BuildingInput {
  @Field(() => ID, { description: 'Building code, e.g. 310101A001 (建筑编码)' })
  id!: string;

  @Field(() => String, { description: 'Name (建筑名称)' })
  name!: string;

  @Field(() => String, { description: 'Type letter A to H or Z; H and Z both mean other (建筑类型)' })
  typeCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is mainly used for, one of buildingFunctions of its type (建筑功能)',
  })
  functionCode?: string | null;

  @Field(() => String, { description: 'GB/T 2260 code of the district (行政区划代码)' })
  area!: string;

  @Field(() => ID, { description: 'Unified social credit code of the owner (产权单位)' })
  ownerUscc!: string;

  @Field(() => Decimal, { nullable: true, description: 'Floor area, m² (建筑面积)' })
  floorAreaM2?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Air-conditioned area, m² (空调面积)' })
  airConditionedAreaM2?: string | null;

  @Field(() => [OccupancyInput], {
    nullable: true,
    description: 'All numbers of persons known, one a first day, at most 100 (用能人数)',
  })
  occupancy?: OccupancyInput[] | null;

  @Field(() => Int, { nullable: true, description: 'Year built (建成年份)' })
  yearBuilt?: number | null;

  @Field(() => String, { nullable: true, description: 'Address (地址)' })
  address?: string | null;

  @Field(() => [ExternalIdInput], { nullable: true, description: 'Identifiers in other systems (外部编码)' })
  externalIds?: ExternalIdInput[] | null;
}

@ArgsType()
export class BuildingsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => [String], { nullable: true, description: 'Type letters (建筑类型)' })
  typeCodes?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Codes of functions (建筑功能)' })
  functionCodes?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Owner (产权单位)' })
  ownerUscc?: string | null;
}
