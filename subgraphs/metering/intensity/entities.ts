import { Field, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { Building, Consumption } from '../entities.js';

/**
 * What a building's consumption is divided by comes from the buildings room, by `@requires`, which goes wrong where the
 * field takes arguments: so they are a level further down.
 */
@Guarded('readings:read')
@ObjectType({ description: 'Specific energy consumption of a building (单位能耗)' })
export class EnergyIntensity {
  /** Not published. */
  building!: Building;
}

@Guarded('readings:read')
@ObjectType({ description: 'Consumption by area and by person (单位面积与人均能耗)' })
export class SpecificConsumption {
  @Field(() => Consumption, { description: 'What was used (用能量)' })
  consumption!: Consumption;

  /** Not published. */
  building!: Building;
}
