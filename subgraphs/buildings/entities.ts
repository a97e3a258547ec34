import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import { ForAnyCaller, Guarded } from '../runtime/guarded.js';
import { EarlierRegistration } from '../runtime/earlier.js';
import { connectionOf } from '../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../runtime/scalars.js';

@ForAnyCaller()
@Directive('@shareable')
@ObjectType({ description: 'An identifier that another system gave (外部编码)' })
export class ExternalId {
  @Field(() => String, { description: 'Which system or list it belongs to (编码体系)' })
  scheme!: string;

  @Field(() => String, { description: 'The identifier there (编码值)' })
  value!: string;
}

@ForAnyCaller()
@Directive('@shareable')
@ObjectType({ description: 'How many people use a building from a day on (用能人数)' })
export class Occupancy {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  validFrom!: string;

  @Field(() => Int, { description: 'Persons (人数)' })
  persons!: number;
}

/** A building as its district registered it: office buildings of public bodies and large public buildings (seed 000). */
@Directive('@key(fields: "id")')
@Guarded('buildings:read')
@ObjectType({ description: 'Building (建筑)' })
@AboutSubject('buildings')
@Entity({ schema: 'buildings', tableName: 'building' })
export class Building {
  @Field(() => ID, { description: 'Building code: GB/T 2260 area, type letter, three digits (建筑编码)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Name (建筑名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Building type letter, A to G, Z other (建筑类型)' })
  @Property({ type: 'text' })
  typeCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is mainly used for, one of buildingFunctions of its type (建筑功能)',
  })
  @Property({ type: 'text', nullable: true })
  functionCode!: string | null;

  @Field(() => String, { description: 'GB/T 2260 code of the district (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Published as `owner`, an Enterprise; it also decides who sees the row. */
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => Decimal, { nullable: true, description: 'Floor area, m² (建筑面积)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  floorAreaM2!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Air-conditioned area, m² (空调面积)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  airConditionedAreaM2!: string | null;

  @Field(() => [Occupancy], {
    description: 'Persons that use it, each number until the next begins (用能人数)',
  })
  @Property({ type: 'json', columnType: 'jsonb' })
  occupancy!: Occupancy[];

  @Field(() => Int, { nullable: true, description: 'Year built (建成年份)' })
  @Property({ type: 'smallint', nullable: true })
  yearBuilt!: number | null;

  @Field(() => String, { nullable: true, description: 'Address (地址)' })
  @Property({ type: 'text', nullable: true })
  address!: string | null;

  @Field(() => [ExternalId], { description: 'Identifiers in other systems (外部编码)' })
  @Property({ type: 'json', columnType: 'jsonb' })
  externalIds!: ExternalId[];

  /** The tenant that registered it; not published. */
  @Property({ type: 'text' })
  platform!: string;

  @Field(() => Instant, { description: 'When it was registered here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

/** Stub of the enterprises room's type: what an enterprise owns. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code, GB 32100 (统一社会信用代码)' })
  uscc!: string;
}

/** What a registration said until the next one said otherwise: kept by the database, for ever. */
@Guarded('buildings:read')
@ObjectType({ description: 'Earlier registration of a building (建筑历史登记)' })
@AboutSubject('buildings')
@Entity({ schema: 'buildings', tableName: 'building_superseded' })
export class EarlierBuilding extends EarlierRegistration {}

export const BuildingConnection = connectionOf(Building, 'Building', 'buildings:read');
export const EarlierBuildingConnection = connectionOf(EarlierBuilding, 'EarlierBuilding', 'buildings:read');
