import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { Refusal } from '../../../gateway/errors.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { Decimal } from '../../runtime/scalars.js';
import { Building } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import { ItemSumArguments } from '../rollups/inputs.js';
import { EnergyIntensity, SpecificConsumption } from './entities.js';
import { personDaysOf } from './persons.js';

type Quotient = Promise<string> | null;

@Resolver(() => Building)
export class BuildingIntensityResolver {
  @Directive('@requires(fields: "floorAreaM2 airConditionedAreaM2 occupancy { validFrom persons }")')
  // Composition asks a field for what guards the fields that it requires.
  @ForAnyCaller()
  @Guarded('meters:read')
  @FieldResolver(() => EnergyIntensity, {
    nullable: true,
    description: 'Consumption by area and by person (单位能耗)',
  })
  intensity(@Root() building: Building): EnergyIntensity {
    return { building };
  }
}

@Resolver(() => EnergyIntensity)
export class EnergyIntensityResolver {
  @FieldResolver(() => SpecificConsumption, { nullable: true, description: 'Over a period (时段单位能耗)' })
  async period(
    @Root() { building }: EnergyIntensity,
    @Args() args: ItemSumArguments,
    @Ctx() { consumption }: MeteringContext,
  ): Promise<SpecificConsumption> {
    return { building, consumption: await consumption.ofBuilding.sum.load(building.id, args) };
  }
}

@Resolver(() => SpecificConsumption)
export class SpecificConsumptionResolver {
  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Unit of the consumption a m² of floor; null when nothing was summed (单位建筑面积能耗)',
  })
  perSquareMetre(
    @Root() { building, consumption: { total, unit } }: SpecificConsumption,
    @Ctx() { quotients }: MeteringContext,
  ): Quotient {
    return unit === null
      ? null
      : quotients.of(total, known(building.floorAreaM2, `${building.id} has no floor area`));
  }

  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Likewise a m² of air-conditioned floor (单位空调面积能耗)',
  })
  perAirConditionedSquareMetre(
    @Root() { building, consumption: { total, unit } }: SpecificConsumption,
    @Ctx() { quotients }: MeteringContext,
  ): Quotient {
    const area = building.airConditionedAreaM2;
    return unit === null
      ? null
      : quotients.of(total, known(area, `${building.id} has no air-conditioned area`));
  }

  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Likewise a person, by the mean number over the days of the period (人均能耗)',
  })
  perPerson(
    @Root() { building, consumption }: SpecificConsumption,
    @Ctx() { quotients }: MeteringContext,
  ): Quotient {
    if (consumption.unit === null) return null;
    const { days, personDays } = personDaysOf(building, consumption);
    return quotients.of(consumption.total, personDays, days);
  }

  @FieldResolver(() => Decimal, { nullable: true, description: 'Mean number of persons (平均用能人数)' })
  persons(
    @Root() { building, consumption }: SpecificConsumption,
    @Ctx() { quotients }: MeteringContext,
  ): Quotient {
    const { days, personDays } = personDaysOf(building, consumption);
    return quotients.of(String(personDays), days);
  }
}

/** @throws Refusal NOT_FOUND where nothing is registered, or nothing to divide by. */
function known(area: string | null | undefined, what: string): string {
  if (area && Number(area) > 0) return area;
  throw new Refusal('NOT_FOUND', {
    rule: 'intensity/area',
    message: `${what} registered.`,
    remedy: 'Register it (registerBuildings).',
  });
}
