import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../../runtime/guarded.js';
import { Decimal } from '../../../runtime/scalars.js';
import { AreaSetting } from '../../../runtime/set-for-area.js';

/** A view: what was delivered, and the last that an admin set for an area. */
@ForAnyCaller()
@ObjectType({ description: 'How far supplied and metered may differ and still agree (供用允许差)' })
@Entity({ schema: 'metering', tableName: 'known_supply_tolerance' })
export class SupplyTolerance extends AreaSetting {
  @Field(() => ID, { description: 'Energy class and area (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  @Property({ type: 'text' })
  energyClass!: string;

  @Field(() => Decimal, { description: 'Percent of what was supplied (允许差, %)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  percent!: string;
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
