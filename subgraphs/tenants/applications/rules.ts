import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';
import { Decimal } from '../../runtime/scalars.js';

/** By what the test month is measured: figures of law where there are any, else of the operator, each with its source. */
@ForAnyCaller()
@ObjectType({ description: 'Rule by which the test month is measured (对接测试判定规则)' })
@Entity({ schema: 'tenants', tableName: 'connection_rule' })
export class ConnectionRule extends ReferenceEntry {
  @Field(() => Decimal, { description: 'The figure (数值)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  value!: string;

  @Field(() => String, { description: 'Its unit (单位)' })
  @Property({ type: 'text' })
  unit!: string;
}

export const ConnectionRuleConnection = connectionOf(ConnectionRule, 'ConnectionRule', 'any caller');
