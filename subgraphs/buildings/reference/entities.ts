import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { ReferenceEntry } from '../../runtime/reference-entry.js';

@ForAnyCaller()
@ObjectType({ description: 'Type of a building, MOHURD guides of 2008 and 2009 (建筑类型)' })
@Entity({ schema: 'buildings', tableName: 'building_type' })
export class BuildingType extends ReferenceEntry {
  @Field(() => String, { description: 'The code it is stored as: H and Z both mean other (存储代码)' })
  @Property({ type: 'text' })
  storedAs!: string;
}

@ForAnyCaller()
@ObjectType({ description: 'Function of a building, finer than its type (建筑功能)' })
@Entity({ schema: 'buildings', tableName: 'building_function' })
export class BuildingFunction extends ReferenceEntry {
  @Field(() => String, { description: 'Type that it belongs to (所属建筑类型)' })
  @Property({ type: 'text' })
  buildingType!: string;
}

export const BuildingTypeConnection = connectionOf(BuildingType, 'BuildingType', 'any caller');
export const BuildingFunctionConnection = connectionOf(BuildingFunction, 'BuildingFunction', 'any caller');
