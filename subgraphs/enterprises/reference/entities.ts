import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';

@ForAnyCaller()
@ObjectType({ description: 'Industry, GB/T 4754 (国民经济行业)' })
@Entity({ schema: 'enterprises', tableName: 'industry' })
export class Industry extends ReferenceEntry {
  @Field(() => String, { description: 'SECTION, DIVISION, GROUP or CLASS (层级)' })
  @Property({ type: 'text' })
  level!: string;

  @Field(() => ID, { nullable: true, description: 'The industry it is part of (上级行业)' })
  @Property({ type: 'text', nullable: true })
  parent!: string | null;
}

export const IndustryConnection = connectionOf(Industry, 'Industry', 'any caller');
