import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { Sourced } from './sourced.js';

/** What every row of a reference table says: its code and names, and how far to trust it. */
@ObjectType()
export abstract class ReferenceEntry extends Sourced {
  @Field(() => ID, { description: 'Code (代码)' })
  @PrimaryKey({ type: 'text' })
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
}
