import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller } from './guarded.js';
import { Instant } from './scalars.js';

/** Columns that a registration calls otherwise. */
const NAMES: Record<string, string> = {
  subject: 'ownerUscc',
  building: 'buildingId',
  parent: 'parentId',
  platform: 'registeredBy',
};

@ForAnyCaller()
@Directive('@shareable')
@ObjectType({ description: 'A value that a registration had before (登记原值)' })
export class EarlierValue {
  @Field(() => String, { description: 'Field, as a registration calls it (字段)' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'Value; null when it had none (原值)' })
  value!: string | null;
}

/** What a row of a register said until it was registered anew: see {@link keepVersions} in history.ts. */
@ObjectType()
export abstract class EarlierRegistration {
  /** Key of the row in the register. */
  @PrimaryKey({ type: 'text' })
  key!: string;

  @Field(() => Int, { description: 'Number of the version, from 1 (版本)' })
  @PrimaryKey({ type: 'integer' })
  number!: number;

  @Field(() => String, { description: 'GB/T 2260 code of then (当时的行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Whom it was about then, which decides who sees it. */
  @Property({ type: 'text' })
  subject!: string;

  /** Published value by value. */
  @Property({ type: 'json', columnType: 'jsonb' })
  was!: Record<string, string | null>;

  @Field(() => [EarlierValue], { description: 'What it said of the fields that changed (变更前的值)' })
  get values(): EarlierValue[] {
    return Object.entries(this.was).map(([column, value]) => ({ field: nameOf(column), value }));
  }

  @Field(() => ID, { description: 'The tenant that changed it; console when it was by hand (变更单位)' })
  @Property({ type: 'text' })
  replacedBy!: string;

  @Field(() => Instant, { description: 'Until when it said so (变更时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  replacedAt!: string;
}

function nameOf(column: string): string {
  return NAMES[column] ?? column.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}
