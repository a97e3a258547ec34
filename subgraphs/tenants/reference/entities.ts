import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';

@ForAnyCaller()
@ObjectType({ description: 'Area, GB/T 2260 (行政区划)' })
@Entity({ schema: 'tenants', tableName: 'area' })
export class Area extends ReferenceEntry {
  @Field(() => String, { description: 'NATION, PROVINCE, CITY or DISTRICT (层级)' })
  @Property({ type: 'text' })
  level!: string;

  @Field(() => ID, { nullable: true, description: 'The area it nests in (上级区划)' })
  @Property({ type: 'text', nullable: true })
  parent!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the code is in force; old building codes hold former ones (是否现行)',
  })
  @Property({ type: 'boolean' })
  inForce!: boolean;
}

export const AreaConnection = connectionOf(Area, 'Area', 'any caller');
