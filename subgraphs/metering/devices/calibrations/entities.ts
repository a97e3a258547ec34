import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';
import { AreaSetting } from '../../../runtime/set-for-area.js';

/** A certificate of verification or calibration of one appliance. It stays as it was recorded; another may correct it. */
@Guarded('meters:read')
@ObjectType({ description: 'Verification or calibration of an appliance (检定/校准证书)' })
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'calibration' })
export class Calibration {
  @Field(() => ID, { description: 'Identifier, cal_… (编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  device!: string;

  @Property({ type: 'text' })
  meter!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'VERIFICATION (检定) or CALIBRATION (校准)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => String, { description: 'Number of the certificate (证书编号)' })
  @Property({ type: 'text' })
  certificateNumber!: string;

  @Field(() => String, { description: 'Who issued it (检定/校准机构)' })
  @Property({ type: 'text' })
  organ!: string;

  @Field(() => LocalDate, { description: 'Day of the verification (检定/校准日期)' })
  @Property({ type: 'text', columnType: 'date' })
  calibratedOn!: string;

  @Field(() => LocalDate, { description: 'Last day on which it holds (有效期至)' })
  @Property({ type: 'text', columnType: 'date' })
  validUntil!: string;

  @Field(() => Boolean, {
    description: 'Whether the last day was computed from verificationIntervals (有效期是否推算)',
  })
  @Property({ type: 'boolean' })
  isComputed!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'The interval by which it was computed, of verificationIntervals (推算所依检定周期)',
  })
  @Property({ type: 'text', nullable: true })
  computedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Accuracy class certified (准确度等级)' })
  @Property({ type: 'text', nullable: true })
  accuracyClass!: string | null;

  @Field(() => String, { description: 'QUALIFIED (合格) or UNQUALIFIED (不合格)' })
  @Property({ type: 'text' })
  result!: string;

  @Field(() => ID, { nullable: true, description: 'The record that this one corrects (更正的记录)' })
  @Property({ type: 'text', nullable: true })
  corrects!: string | null;

  @Field(() => Instant, { description: 'When it was recorded here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

/** The last record of each appliance in use: a view. Published as what it is, a calibration. */
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'calibration_in_force' })
export class CalibrationInForce extends Calibration {}

/** A view: what was delivered, and the last that an admin set for an area. */
@ForAnyCaller()
@ObjectType({ description: 'How long a verification of a kind of instrument holds (检定周期)' })
@Entity({ schema: 'metering', tableName: 'known_verification_interval' })
export class VerificationInterval extends AreaSetting {
  @Field(() => ID, { description: 'Kind, area and version (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'Kind of instrument (器具种类代码)' })
  @Property({ type: 'text' })
  code!: string;

  @Field(() => String, { description: 'Name in Chinese (中文名称)' })
  @Property({ type: 'text' })
  nameZh!: string;

  @Field(() => String, { description: 'Name in English; ours, the sources are Chinese (英文名称)' })
  @Property({ type: 'text' })
  nameEn!: string;

  @Field(() => String, { nullable: true, description: 'Remark (备注)' })
  @Property({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => String, { description: 'Verification regulation (检定规程)' })
  @Property({ type: 'text' })
  regulation!: string;

  @Field(() => Int, { description: 'Months (月)' })
  @Property({ type: 'smallint' })
  months!: number;
}

export const CalibrationConnection = connectionOf(Calibration, 'Calibration', 'meters:read');
export const VerificationIntervalConnection = connectionOf(
  VerificationInterval,
  'VerificationInterval',
  'any caller',
);
