import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';

@Guarded('quality:read')
@AboutSubject('quality')
@ObjectType({ description: 'Somebody whose meters had not all sent a day by its deadline (未上传提醒)' })
@Entity({ schema: 'metering', tableName: 'upload_reminder' })
export class UploadReminder {
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => LocalDate, { description: 'Day that is missing (数据日期)' })
  @Property({ type: 'text', columnType: 'date' })
  date!: string;

  /** Published as `owner`. */
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => ID, { description: 'Platform that reports the meters (上报平台)' })
  @Property({ type: 'text' })
  platform!: string;

  @Field(() => Int, { description: 'Meters that were to send (应传器具数)' })
  @Property({ type: 'integer' })
  due!: number;

  @Field(() => Int, { description: 'Of these, the ones that had not (未传器具数)' })
  @Property({ type: 'integer' })
  missing!: number;

  @Field(() => Instant, { description: 'When the deadline was found to have passed (提醒时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  remindedAt!: string;
}

export const UploadReminderConnection = connectionOf(UploadReminder, 'UploadReminder', 'quality:read');
