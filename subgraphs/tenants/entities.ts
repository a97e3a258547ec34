import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Instant } from '../runtime/scalars.js';

/** A platform or party that calls the hub. */
@Directive('@key(fields: "id")')
@Guarded('tenants:read')
@ObjectType({ description: 'Registered platform or party (接入单位)' })
@AboutSubject('tenants', { subject: 'uscc' })
@Entity({ schema: 'tenants', tableName: 'tenant' })
export class Tenant {
  @Field(() => ID, { description: 'Short name, as in its certificate (单位标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'NATIONAL, MUNICIPAL, DISTRICT, ENTERPRISE or THIRD_PARTY (层级)' })
  @Property({ type: 'text' })
  tier!: string;

  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Unified social credit code (统一社会信用代码)' })
  @Property({ type: 'text', nullable: true })
  uscc!: string | null;

  @Field(() => String, { description: 'ACTIVE, SUSPENDED or CLOSED (状态)' })
  @Property({ type: 'text', default: 'ACTIVE' })
  status!: string;

  @Field(() => Instant, { description: 'When it was registered (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;
}

export const TenantConnection = connectionOf(Tenant, 'Tenant', 'tenants:read');
