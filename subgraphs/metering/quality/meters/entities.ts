import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@Guarded('quality:read')
@ObjectType('MeterFindingCount', {
  description: 'How many findings of a meter are in force (按计量器具统计的问题数)',
})
export class MeterFindingCount {
  @Field(() => ID, { description: 'Meter (计量器具编号)' })
  meterId!: string;

  @Field(() => Int, { description: 'How many (个数)' })
  count!: number;
}

/** A day as the night counted it, where none of it was there. */
@Guarded('quality:read')
@AboutSubject('quality')
@ObjectType('MissingMeterDay', {
  description: 'A meter in use of which nothing of a day is here (未上传的表日)',
})
@Entity({ schema: 'metering', tableName: 'quality_day' })
export class MissingMeterDay {
  @Field(() => LocalDate, { description: 'Day (日期)' })
  @PrimaryKey({ type: 'text', columnType: 'date' })
  date!: string;

  /** Published as `meterId` and `meter`. */
  @PrimaryKey({ type: 'text' })
  meter!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Published as `owner`. */
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => Int, { description: 'Points that were due (应有数据个数)' })
  @Property({ type: 'integer' })
  due!: number;

  /** Of the day's block; none where nothing came. */
  @Property({ type: 'integer', nullable: true })
  version!: number | null;
}

export const MissingMeterDayConnection = connectionOf(MissingMeterDay, 'MissingMeterDay', 'quality:read');
