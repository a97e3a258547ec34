import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { ReferenceEntry } from '../../../runtime/reference-entry.js';
import { Decimal, Instant, LocalDate } from '../../../runtime/scalars.js';

/** A place that should have a meter: an entrance, a sub-unit, an equipment (GB 17167, tables 1 to 3). */
@Guarded('meters:read')
@ObjectType({ description: 'Place that should have a meter (应配备计量器具处)' })
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'metered_place' })
export class MeteredPlace {
  @Field(() => ID, { description: 'Identifier (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Name (名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Kind of energy, of fitOutKinds (能源种类)' })
  @Property({ type: 'text' })
  energyKind!: string;

  @Property({ type: 'text' })
  energyClass!: string;

  @Field(() => Int, { description: '1 entrance of the unit, 2 main sub-unit, 3 main equipment (计量级别)' })
  @Property({ type: 'smallint' })
  level!: number;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Power or use, in the unit of the edition’s threshold (功率或用能量)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  quantity!: string | null;

  @Property({ type: 'text', nullable: true })
  meter!: string | null;

  @Property({ type: 'text' })
  platform!: string;

  @Field(() => Instant, { description: 'When it was registered here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

@ForAnyCaller()
@ObjectType({ description: 'Kind of energy of GB 17167 (能源种类)' })
@Entity({ schema: 'metering', tableName: 'fit_out_kind' })
export class FitOutKind extends ReferenceEntry {
  @Field(() => String, { description: 'Energy class of its meters (能耗分类)' })
  @Property({ type: 'text' })
  energyClass!: string;
}

@ForAnyCaller()
@ObjectType({ description: 'Edition of GB 17167 (标准版本)' })
@Entity({ schema: 'metering', tableName: 'fit_out_edition' })
export class FitOutEdition extends ReferenceEntry {
  @Field(() => LocalDate, { description: 'First day in force (实施日期)' })
  @Property({ type: 'text', columnType: 'date' })
  inForceFrom!: string;

  @Field(() => LocalDate, { nullable: true, description: 'Last day in force (废止前一日)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  inForceUntil!: string | null;
}

/** A rate that an area's platform added to an edition. */
@ForAnyCaller()
@ObjectType({ description: 'Rate that an area added to an edition (区域补充的配备率)' })
@Entity({ schema: 'metering', tableName: 'area_fit_out_rate' })
export class AreaFitOutRate {
  @Field(() => ID, { description: 'Identifier, fit_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Edition (标准版本)' })
  @Property({ type: 'text' })
  edition!: string;

  @Field(() => String, { description: 'Kind of energy (能源种类)' })
  @Property({ type: 'text' })
  energyKind!: string;

  @Field(() => Int, { description: 'Level (计量级别)' })
  @Property({ type: 'smallint' })
  level!: number;

  @Field(() => Decimal, { description: 'Rate required, per cent (配备率要求, %)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  percent!: string;

  @Field(() => String, { description: 'Where it stands (来源)' })
  @Property({ type: 'text' })
  source!: string;

  @Property({ type: 'text' })
  platform!: string;

  @Field(() => Instant, { description: 'When it was added (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  addedAt!: string;
}

@Guarded('meters:read')
@ObjectType({ description: 'How far one kind of energy has its meters on one level (配备率)' })
export class FitOutRate {
  @Field(() => String, { description: 'Kind of energy (能源种类)' })
  energyKind!: string;

  @Field(() => String, { description: 'Its name (能源种类名称)' })
  nameZh!: string;

  @Field(() => Int, { description: '1 entrance of the unit, 2 main sub-unit, 3 main equipment (计量级别)' })
  level!: number;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'From how much on a place needs a meter; null at the entrance and where none is known (配备界限)',
  })
  threshold!: string | null;

  @Field(() => String, { nullable: true, description: 'Unit of the threshold (配备界限的单位)' })
  thresholdUnit!: string | null;

  @Field(() => Int, { description: 'Meters needed (应配备数)' })
  needed!: number;

  @Field(() => Int, { description: 'Of these, fitted and in use (实际配备数)' })
  fitted!: number;

  @Field(() => Decimal, {
    description: 'Per cent, rounded down to two places; null where none is needed (配备率, %)',
    nullable: true,
  })
  rate!: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Per cent that the edition requires; null where it has none that the hub knows (配备率要求, %)',
  })
  required!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Null where no rate is known to compare with (是否达标)',
  })
  isMet!: boolean | null;

  @Field(() => String, { nullable: true, description: 'Where the required rate comes from (来源)' })
  source!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the required rate was checked against its source (是否核实)',
  })
  verified!: boolean;
}

@Guarded('meters:read')
@ObjectType({ description: 'Meters fitted against those needed, by GB 17167 (能源计量器具配备情况)' })
export class MeterFitOut {
  @Field(() => String, { description: 'Edition (标准版本)' })
  edition!: string;

  @Field(() => [FitOutRate], { description: 'By kind of energy and level (分能源种类和级别)' })
  rates!: FitOutRate[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'False where one rate is not met, null where one is not known, otherwise true (是否全部达标)',
  })
  isMet!: boolean | null;
}

export const MeteredPlaceConnection = connectionOf(MeteredPlace, 'MeteredPlace', 'meters:read');
export const FitOutKindConnection = connectionOf(FitOutKind, 'FitOutKind', 'any caller');
export const FitOutEditionConnection = connectionOf(FitOutEdition, 'FitOutEdition', 'any caller');
