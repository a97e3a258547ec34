import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** What a tenant may do: category, action, area, purposes, validity; set by an admin of the tenant's area. */
@Guarded('scopes:read')
@ObjectType({ description: 'Scope of a tenant (授权范围)' })
@Entity({ schema: 'tenants', tableName: 'scope' })
export class Scope {
  @Field(() => ID, { description: 'Identifier, scp_… (范围编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'The tenant it is for (单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  /** Decides which admins may see and set it. */
  @Property({ type: 'text' })
  tenantArea!: string;

  @Field(() => String, { description: 'Category of data (数据类别)' })
  @Property({ type: 'text' })
  category!: string;

  @Field(() => String, {
    description: 'read, write, review_protocol, review_security or approve (操作)',
  })
  @Property({ type: 'text' })
  action!: string;

  @Field(() => String, { description: 'GB/T 2260 code; it and what nests in it (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds it is limited to, two digits; null is all (能源种类)',
  })
  @Property({ type: 'array', columnType: 'text[]', nullable: true })
  energyKinds!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Building types it is limited to, letters; null is all (建筑类型)',
  })
  @Property({ type: 'array', columnType: 'text[]', nullable: true })
  buildingTypes!: string[] | null;

  @Field(() => [String], { description: 'Purposes it serves (用途)' })
  @Property({ type: 'array', columnType: 'text[]' })
  purposes!: string[];

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  validFrom!: string;

  @Field(() => Instant, { nullable: true, description: 'Valid to; null is open (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  validTo!: string | null;

  @Field(() => ID, { nullable: true, description: 'The scope whose place it took (所替代的范围)' })
  @Property({ type: 'text', nullable: true })
  replaces!: string | null;

  @Field(() => ID, { description: 'The tenant that set it (设置单位)' })
  @Property({ type: 'text' })
  setBy!: string;

  @Field(() => Instant, { description: 'When it was set (设置时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  setAt!: string;

  @Field(() => ID, { nullable: true, description: 'The tenant that ended it (终止单位)' })
  @Property({ type: 'text', nullable: true })
  endedBy!: string | null;
}

export const ScopeConnection = connectionOf(Scope, 'Scope', 'scopes:read');
