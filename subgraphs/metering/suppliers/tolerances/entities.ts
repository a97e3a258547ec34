import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../../runtime/guarded.js';
import { Decimal, Instant } from '../../../runtime/scalars.js';

/** A view: what was delivered, and the last that an admin set for an area. */
@ForAnyCaller()
@ObjectType({ description: 'How far supplied and metered may differ and still agree (供用允许差)' })
@Entity({ schema: 'metering', tableName: 'known_supply_tolerance' })
export class SupplyTolerance {
  @Field(() => ID, { description: 'Energy class and area (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  @Property({ type: 'text' })
  energyClass!: string;

  @Field(() => String, { description: 'GB/T 2260 code of where it counts; the nearest counts (适用区域)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Version; 0 as delivered (版本)' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => Decimal, { description: 'Percent of what was supplied (允许差, %)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  percent!: string;

  @Field(() => String, { description: 'Where that is said (来源)' })
  @Property({ type: 'text' })
  source!: string;

  @Field(() => String, { description: 'high, medium, low or unverified (可信度)' })
  @Property({ type: 'text' })
  confidence!: string;

  @Field(() => Boolean, { description: 'Whether it was checked against its source (是否核实)' })
  @Property({ type: 'boolean' })
  verified!: boolean;

  @Field(() => String, { nullable: true, description: 'Tenant that set it, where one did (设置方)' })
  @Property({ type: 'text', nullable: true })
  setBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was set (设置时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  setAt!: string | null;
}

@InputType({ description: 'A tolerance for an area and energy (供用允许差)' })
export class SupplyToleranceInput {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  energyClass!: string;

  @Field(() => Decimal, {
    description: 'Percent of what was supplied, 0 to 100, at most 4 places (允许差, %)',
  })
  percent!: string;

  @Field(() => String, { description: 'Where that is said (来源)' })
  source!: string;
}
