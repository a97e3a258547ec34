import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant, LocalDate } from '../../../runtime/scalars.js';
import { Sourced } from '../../../runtime/sourced.js';

/** A view: days of the State Council's notices, and the last that an admin set for an area. */
@ForAnyCaller()
@ObjectType({ description: 'A day that is not what its weekday says (节假日与调休日)' })
@Entity({ schema: 'metering', tableName: 'known_calendar_day' })
export class CalendarDay extends Sourced {
  @Field(() => ID, { description: 'Day and area (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => LocalDate, { description: 'Day (日期)' })
  @Property({ type: 'text', columnType: 'date' })
  date!: string;

  @Field(() => String, { description: 'GB/T 2260 code of where it counts; the nearest counts (适用区域)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'HOLIDAY (放假) or WORKING_DAY (调休上班)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => String, { description: 'What it is for (名称)' })
  @Property({ type: 'text' })
  nameZh!: string;

  @Field(() => String, { nullable: true, description: 'Tenant that set it, where one did (设置方)' })
  @Property({ type: 'text', nullable: true })
  setBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was set (设置时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  setAt!: string | null;
}

export const CalendarDayConnection = connectionOf(CalendarDay, 'CalendarDay', 'any caller');
