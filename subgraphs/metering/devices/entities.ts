import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, Instant } from '../../runtime/scalars.js';

/** The appliance that stands at a metering point for a time. One at a time: the database refuses a second. */
@Guarded('meters:read')
@ObjectType({ description: 'Appliance at a metering point (计量器具实物)' })
@AboutSubject('meters')
@Entity({ schema: 'metering', tableName: 'device' })
export class Device {
  @Field(() => ID, { description: 'Identifier, dev_… (器具编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  meter!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Number that its maker gave it (出厂编号)' })
  @Property({ type: 'text' })
  serialNumber!: string;

  @Field(() => String, { nullable: true, description: 'Maker (生产厂家)' })
  @Property({ type: 'text', nullable: true })
  manufacturer!: string | null;

  @Field(() => String, { nullable: true, description: 'Model (规格型号)' })
  @Property({ type: 'text', nullable: true })
  model!: string | null;

  @Field(() => String, { nullable: true, description: 'Accuracy class, e.g. 0.5S (准确度等级)' })
  @Property({ type: 'text', nullable: true })
  accuracyClass!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Kind of instrument, of verificationIntervals (器具种类)',
  })
  @Property({ type: 'text', nullable: true })
  instrument!: string | null;

  @Field(() => Int, { nullable: true, description: 'Digits of its counter before the point (表底整数位数)' })
  @Property({ type: 'smallint', nullable: true })
  registerDigits!: number | null;

  @Field(() => Decimal, { description: 'What a difference of its counter is multiplied by (倍率)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  multiplier!: string;

  @Field(() => Instant, { description: 'From when on it counts here (安装时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  installedAt!: string;

  @Field(() => Decimal, { nullable: true, description: 'What its counter showed then (安装时表底数)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  firstRegister!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was taken away (拆除时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  removedAt!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'What its counter showed then (拆除时表底数)' })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  lastRegister!: string | null;

  @Field(() => Instant, { description: 'When it was recorded here (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

export const DeviceConnection = connectionOf(Device, 'Device', 'meters:read');
