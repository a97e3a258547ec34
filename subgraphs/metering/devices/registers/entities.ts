import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../../runtime/about.js';
import { Guarded } from '../../../runtime/guarded.js';
import { Instant } from '../../../runtime/scalars.js';

/** What the counter of a meter showed on a day, as it was sent: the evidence behind that day's consumption. */
@Guarded('readings:read')
@ObjectType({ description: 'One meter’s day of register readings (表底数)' })
@AboutSubject<RegisterDay>('readings', { values: ({ present }) => present })
@Entity({ schema: 'metering', tableName: 'register_day' })
export class RegisterDay {
  @PrimaryKey({ type: 'text' })
  meter!: string;

  @PrimaryKey({ type: 'text', columnType: 'date' })
  date!: string;

  @Property({ type: 'text' })
  area!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Field(() => Int, {
    description: 'Minutes between readings; each is of the end of its interval (间隔, 分钟)',
  })
  @Property({ type: 'smallint' })
  intervalMinutes!: number;

  @Property({ type: 'smallint' })
  scale!: number;

  @Property({ type: 'array', columnType: 'bigint[]' })
  values!: (string | null)[];

  @Field(() => Int, { description: 'Readings present (有效读数个数)' })
  @Property({ type: 'smallint' })
  present!: number;

  @Field(() => Int, { description: 'Version; later readings count up (版本)' })
  @Property({ type: 'integer', default: 1 })
  version!: number;

  @Field(() => Instant, { description: 'When this version was recorded (记录时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  recordedAt!: string;
}

@Guarded('readings:read')
@ObjectType({
  description:
    'A value of a day that stands for more intervals than its own: the register was not read before (累计值)',
})
export class AccumulatedValue {
  @Field(() => Int, { description: 'Its interval in the day, from 1 (区间序号)' })
  interval!: number;

  @Field(() => Int, { description: 'How many intervals it holds the use of, its own included (累计区间数)' })
  intervals!: number;
}
