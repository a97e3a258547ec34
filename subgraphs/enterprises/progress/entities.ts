import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';

/** How far a unit has come. The last two are measured, whatever anybody reports. */
export enum AccessState {
  UNPLANNED = 'UNPLANNED',
  PLANNED = 'PLANNED',
  BUILDING = 'BUILDING',
  CONNECTED = 'CONNECTED',
  UPLOADING = 'UPLOADING',
}
registerEnumType(AccessState, {
  name: 'AccessState',
  description: 'How far a key unit has come (接入状态)',
  valuesConfig: {
    UNPLANNED: { description: 'Nobody has planned it (未列入计划)' },
    PLANNED: { description: 'Planned (已列入计划)' },
    BUILDING: { description: 'Being built, as its plan says (建设中)' },
    CONNECTED: { description: 'Has a gate meter here: measured (已接入)' },
    UPLOADING: { description: 'Every day of the last ones came in time: measured (每日上传)' },
  },
});

@ForAnyCaller()
@ObjectType({ description: 'Class of key units and its threshold (重点用能单位类别)' })
@Entity({ schema: 'enterprises', tableName: 'key_unit_class' })
export class KeyUnitClass extends ReferenceEntry {
  @Field(() => Decimal, {
    description: 'Least comprehensive energy of a year, tce (年综合能源消费量下限, 吨标准煤)',
  })
  @Property({ type: 'decimal', columnType: 'numeric' })
  leastTce!: string;
}

/** What reading measured progress takes: the unit, its meters, and whether its days came in time. */
export const MEASURED = ['enterprises:read', 'meters:read', 'quality:read'] as const;

@Guarded(...MEASURED)
@ObjectType({ description: 'One energy class at the gate of a unit (进线能源种类)' })
export class AccessEnergyClass {
  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;

  @Field(() => Boolean, { description: 'Whether the plan declares it a main kind (是否申报的主要能源品种)' })
  isDeclared!: boolean;

  @Field(() => Int, { description: 'Gate meters of it in use (一级计量器具数)' })
  gateMeters!: number;

  @Field(() => Int, { description: 'Days that came in time, of those looked at (按时上传天数)' })
  daysOnTime!: number;

  @Field(() => Boolean, { description: 'Whether all of them did (是否每日上传)' })
  isUploading!: boolean;
}

@Guarded(...MEASURED)
@ObjectType({ description: 'How far one key unit has come (重点用能单位接入进度)' })
export class AccessUnit {
  /** Published as `enterprise`, too. */
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'BAIJIA, QIANJIA or WANJIA (重点用能单位类别)' })
  unitClass!: string;

  @Field(() => String, { description: 'DESIGNATED, or BY_ENERGY of the last year (类别依据: 名单或能耗)' })
  classBasis!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Class by the energy declared, which the list may contradict (按能耗所属类别)',
  })
  classByEnergy!: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'When it is planned to upload daily (计划完成日期)',
  })
  plannedOn!: string | null;

  @Field(() => String, { nullable: true, description: 'Quarter of that day, e.g. 2026Q3 (计划完成季度)' })
  plannedQuarter!: string | null;

  @Field(() => String, { nullable: true, description: 'Organ that leads (牵头部门)' })
  organ!: string | null;

  @Field(() => String, { nullable: true, description: 'Batch (接入批次)' })
  batch!: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Being built since (开工日期)' })
  buildingSince!: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'Day of its plan; without a plan the day by which its area wants all of its class (应完成日期)',
  })
  dueOn!: string | null;

  @Field(() => AccessState, { description: 'State (接入状态)' })
  state!: AccessState;

  @Field(() => Boolean, {
    description: 'Whether that day is past and it does not upload daily (是否逾期)',
  })
  isOverdue!: boolean;

  @Field(() => Int, { description: 'Gate meters in use (一级计量器具数)' })
  gateMeters!: number;

  @Field(() => Int, { description: 'How many days were looked at (考察天数)' })
  daysAsked!: number;

  @Field(() => Int, { description: 'Those on which everything due came in time (按时上传天数)' })
  daysOnTime!: number;

  @Field(() => LocalDate, { nullable: true, description: 'The last of them (最近按时上传日期)' })
  lastOnTime!: string | null;

  @Field(() => [AccessEnergyClass], {
    description: 'Energy classes at its gate and those declared (进线能源种类)',
  })
  energyClasses!: AccessEnergyClass[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether all declared main kinds upload daily; null where none is declared (能源品种是否齐全)',
  })
  isComplete!: boolean | null;
}

export const AccessUnitConnection = connectionOf(AccessUnit, 'AccessUnit', MEASURED);
export const KeyUnitClassConnection = connectionOf(KeyUnitClass, 'KeyUnitClass', 'any caller');
