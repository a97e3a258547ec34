import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';
import { AreaSetting } from '../../../runtime/set-for-area.js';

/** A view: days of the State Council's notices, and the last that an admin set for an area. */
@ForAnyCaller()
@ObjectType({ description: 'A day that is not what its weekday says (节假日与调休日)' })
@Entity({ schema: 'metering', tableName: 'known_calendar_day' })
export class CalendarDay extends AreaSetting {
  @Field(() => ID, { description: 'Day and area (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => LocalDate, { description: 'Day (日期)' })
  @Property({ type: 'text', columnType: 'date' })
  date!: string;

  @Field(() => String, { description: 'HOLIDAY (放假) or WORKING_DAY (调休上班)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => String, { description: 'What it is for (名称)' })
  @Property({ type: 'text' })
  nameZh!: string;
}

export const CalendarDayConnection = connectionOf(CalendarDay, 'CalendarDay', 'any caller');
