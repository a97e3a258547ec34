import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';

@ForAnyCaller()
@Directive('@shareable')
@ObjectType({ description: 'How many people use a building from a day on (用能人数)' })
export class Occupancy {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  validFrom!: string;

  @Field(() => Int, { description: 'Persons (人数)' })
  persons!: number;
}

/**
 * Stub of the buildings room's type: the meters of a building and what they add up to. What the buildings room knows
 * of it comes along where a field requires it.
 */
@Directive('@key(fields: "id")')
@Guarded('buildings:read')
@ObjectType({ description: 'Building (建筑)' })
export class Building {
  @Field(() => ID, { description: 'Building code (建筑编码)' })
  id!: string;

  @Directive('@external')
  @Field(() => Decimal, { nullable: true })
  floorAreaM2?: string | null;

  @Directive('@external')
  @Field(() => Decimal, { nullable: true })
  airConditionedAreaM2?: string | null;

  @Directive('@external')
  @Field(() => [Occupancy])
  occupancy?: Occupancy[];
}

/** Stub of the enterprises room's type: the meters of an enterprise. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;
}
