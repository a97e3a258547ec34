import { Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';

/** What says where it comes from and how far to trust it. */
@ObjectType()
export abstract class Sourced {
  @Field(() => String, { description: 'Where it comes from (来源)' })
  @Property({ type: 'text' })
  source!: string;

  @Field(() => String, { description: 'high, medium, low or unverified (可信度)' })
  @Property({ type: 'text' })
  confidence!: string;

  @Field(() => Boolean, { description: 'Whether it was checked against its source (是否核实)' })
  @Property({ type: 'boolean' })
  verified!: boolean;
}
