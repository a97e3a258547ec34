import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';
import { Sourced } from '../../runtime/sourced.js';

@ForAnyCaller()
@ObjectType({ description: 'Energy class or sub-item, MOHURD guide of 2008 (能耗分类分项)' })
@Entity({ schema: 'metering', tableName: 'energy_item' })
export class EnergyItem extends ReferenceEntry {
  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  @Property({ type: 'text' })
  energyClass!: string;

  @Field(() => String, {
    description: 'CLASS, SUB_ITEM, FIRST_LEVEL, SECOND_LEVEL or LOCAL_EXTENSION (层级)',
  })
  @Property({ type: 'text' })
  level!: string;

  @Field(() => ID, { nullable: true, description: 'The item it is part of (上级分项)' })
  @Property({ type: 'text', nullable: true })
  parent!: string | null;
}

export const EnergyItemConnection = connectionOf(EnergyItem, 'EnergyItem', 'any caller');

@ForAnyCaller()
@ObjectType({ description: 'Unit in which energy of a class is measured (计量单位)' })
@Entity({ schema: 'metering', tableName: 'energy_unit' })
export class EnergyUnit extends Sourced {
  @Field(() => String, { description: 'Energy class, two digits (能耗分类)' })
  @PrimaryKey({ type: 'text' })
  energyClass!: string;

  @Field(() => String, { description: 'Unit as meters are registered with it (计量单位)' })
  @PrimaryKey({ type: 'text' })
  unit!: string;
}

export const EnergyUnitConnection = connectionOf(EnergyUnit, 'EnergyUnit', 'any caller');
