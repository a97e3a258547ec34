import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../../runtime/scalars.js';
import { Sourced } from '../../../runtime/sourced.js';

/** What rows of configuration say of themselves; the last version of a key counts. */
@ObjectType()
abstract class Configured extends Sourced {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  @PrimaryKey({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Version, counting up; the last counts (版本)' })
  @PrimaryKey({ type: 'integer' })
  version!: number;

  @Property({ type: 'text', default: 'high' })
  override confidence!: string;

  @Property({ type: 'boolean', generated: "(confidence = 'high')" })
  override verified!: boolean;

  @Field(() => ID, { description: 'Tenant that gave it; hub where it was delivered (提供单位)' })
  @Property({ type: 'text' })
  addedBy!: string;

  @Field(() => Instant, { description: 'When (提供时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  addedAt!: string;
}

/** Which share, or how many units, of a class an area wants uploading daily by a day: one of the two. */
@ForAnyCaller()
@ObjectType({ description: 'Target of connecting key units (接入目标)' })
@Entity({ schema: 'enterprises', tableName: 'progress_target' })
export class AccessTarget extends Configured {
  @Field(() => String, { description: 'BAIJIA, QIANJIA or WANJIA (重点用能单位类别)' })
  @PrimaryKey({ type: 'text' })
  unitClass!: string;

  @Field(() => LocalDate, { description: 'By the end of this day (完成期限)' })
  @PrimaryKey({ type: 'text', columnType: 'date' })
  until!: string;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Least share that uploads daily, per cent; 0 takes a target back; null where units are wanted (应完成比例)',
  })
  @Property({ type: 'decimal', columnType: 'numeric', nullable: true })
  share!: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Least number of units that upload daily, counted in the area itself and not in what nests in it; 0 takes a target back; null where a share is wanted (应完成家数)',
  })
  @Property({ type: 'integer', nullable: true })
  units!: number | null;
}

@ForAnyCaller()
@ObjectType({ description: 'Figure by which progress is measured (接入进度判定参数)' })
@Entity({ schema: 'enterprises', tableName: 'progress_setting' })
export class AccessSetting extends Configured {
  @Field(() => String, {
    description:
      'UPLOAD_DAYS: how many days on end count as uploading daily; DAY_DEADLINE: hours after its end in which a day may come; DAY_COMPLETENESS: per cent of its points that must; REPORT_DUE_DAY: day of the month after a quarter (参数代码)',
  })
  @PrimaryKey({ type: 'text' })
  code!: string;

  @Field(() => Decimal, { description: 'Value (取值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  value!: string;
}

export const AccessTargetConnection = connectionOf(AccessTarget, 'AccessTarget', 'any caller');
export const AccessSettingConnection = connectionOf(AccessSetting, 'AccessSetting', 'any caller');
