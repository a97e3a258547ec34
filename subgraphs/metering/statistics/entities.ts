import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../runtime/scalars.js';
import type { CellState } from './disclosure/release.js';

/** Why a cell is not told; never how near it was. */
export enum Withheld {
  TOO_FEW = 'TOO_FEW',
  DOMINATED = 'DOMINATED',
  COMPLEMENTARY = 'COMPLEMENTARY',
}
registerEnumType(Withheld, {
  name: 'Withheld',
  description: 'Why a figure is not told (不公布原因)',
  valuesConfig: {
    TOO_FEW: { description: 'Too few enterprises are in it (主体过少)' },
    DOMINATED: { description: 'One or two of them make up nearly all of it (个别主体占比过大)' },
    COMPLEMENTARY: { description: 'Another could be worked out from it (防止由合计推算)' },
  },
});

/** One revision of a month's statistics, as it was signed. A later correction makes the next revision. */
@Directive('@key(fields: "id")')
@Guarded('statistics:read')
@ObjectType({
  description: 'Published monthly statistics of a city, of measured values alone (月度分类统计发布, 仅实测)',
})
@Entity({ schema: 'metering', tableName: 'statistics_edition' })
export class StatisticsEdition {
  @Field(() => ID, { description: 'Identifier, sed_… (发布编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the city (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => LocalDate, { description: 'First day of the month (月份)' })
  @Property({ type: 'text', columnType: 'date' })
  month!: string;

  @Field(() => Int, { description: 'Revision; later corrections make the next (修订号)' })
  @Property({ type: 'integer' })
  revision!: number;

  @Field(() => ID, { description: 'Tenant that published it (发布单位)' })
  @Property({ type: 'text' })
  publisher!: string;

  @Field(() => Instant, { description: 'When it was published (发布时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  publishedAt!: string;

  @Field(() => String, { description: 'What was signed: rules and cells, JSON (发布内容)' })
  @Property({ type: 'text' })
  content!: string;

  @Field(() => String, { description: 'SHA-256 of the content (内容哈希)' })
  @Property({ type: 'text' })
  sha256!: string;

  @Field(() => String, { description: 'Detached JWS over the content (内容签名)' })
  @Property({ type: 'text' })
  signature!: string;
}

@Guarded('statistics:read')
@ObjectType({ description: 'One figure of published statistics (统计单元)' })
@Entity({ schema: 'metering', tableName: 'statistics_cell' })
export class StatisticsCell {
  @PrimaryKey({ type: 'text' })
  edition!: string;

  @PrimaryKey({ type: 'integer' })
  place!: number;

  @Field(() => String, { description: 'GB/T 2260 code of the city or of one of its areas (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Letter of the building type; null is all of them (建筑类型代码)',
  })
  @Property({ type: 'text', nullable: true })
  buildingType!: string | null;

  @Field(() => String, { description: 'Energy class total, e.g. 01000 (能耗分类代码)' })
  @Property({ type: 'text' })
  energyItem!: string;

  @Field(() => String, { description: 'Unit of the total (计量单位)' })
  @Property({ type: 'text' })
  unit!: string;

  @Property({ type: 'text' })
  state!: CellState;

  @Field(() => Decimal, { nullable: true, description: 'Exact sum; null where it is withheld (合计)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  total!: string | null;

  @Field(() => Int, { nullable: true, description: 'Enterprises in it (单位数)' })
  @Property({ type: 'integer', nullable: true })
  subjects!: number | null;

  @Field(() => Int, { nullable: true, description: 'Buildings in it (建筑数)' })
  @Property({ type: 'integer', nullable: true })
  buildings!: number | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Floor area of its buildings, m²; null unless that of each is registered (建筑面积)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  floorAreaM2!: string | null;
}

/** A recipient's proof that it has an edition. */
@Guarded('statistics:read')
@ObjectType({ description: 'Receipt of published statistics (统计发布回执)' })
@Entity({ schema: 'metering', tableName: 'statistics_receipt' })
export class StatisticsReceipt {
  @Field(() => ID, { description: 'The edition (发布编号)' })
  @PrimaryKey({ type: 'text' })
  edition!: string;

  @Field(() => ID, { description: 'Tenant that has it (接收单位)' })
  @PrimaryKey({ type: 'text' })
  tenant!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'GB/T 2260 code of that tenant (接收单位行政区划代码)' })
  @Property({ type: 'text' })
  tenantArea!: string;

  @Property({ type: 'text' })
  tenantTier!: string;

  @Field(() => Instant, { description: 'When it was acknowledged (确认时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  acknowledgedAt!: string;

  @Field(() => String, { description: 'The receipt, JSON (回执)' })
  @Property({ type: 'text' })
  receipt!: string;

  @Field(() => String, { description: 'Detached JWS over the receipt (回执签名)' })
  @Property({ type: 'text' })
  signature!: string;
}

export const StatisticsEditionConnection = connectionOf(
  StatisticsEdition,
  'StatisticsEdition',
  'statistics:read',
);
export const StatisticsCellConnection = connectionOf(StatisticsCell, 'StatisticsCell', 'statistics:read');
