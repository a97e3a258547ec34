import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { decimalText } from '../runtime/decimal.js';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import { Decimal, Series } from '../runtime/scalars.js';
import {
  Building,
  DayBlock,
  DayBlockConnection,
  EarlierMeter,
  EarlierMeterConnection,
  Enterprise,
  Meter,
  MeterConnection,
} from './entities.js';
import {
  DaysArguments,
  MeterDaysArguments,
  MeterInput,
  MetersArguments,
  MetersWithinArguments,
} from './inputs.js';
import type { BalanceRepository } from './balance/repository.js';
import type { CaseContext } from './cases/parts.js';
import type { CoalRepository } from './coal/repository.js';
import type { CalibrationRepository } from './devices/calibrations/repository.js';
import type { FitOutRepository } from './devices/fit-out/repository.js';
import type { RegisterRepository } from './devices/registers/repository.js';
import type { DeviceRepository } from './devices/repository.js';
import type { QualityContext } from './quality/parts.js';
import type { EnergyItemRepository } from './reference/repository.js';
import type { QuotientRepository } from './intensity/repository.js';
import type { ReadingRepository } from './readings/repository.js';
import type { ConsumptionRepository } from './rollups/repository.js';
import type { StatisticsContext } from './statistics/parts.js';
import type { SupplierContext } from './suppliers/parts.js';
import type { MeterRepository } from './repository.js';

export interface MeteringContext extends CaseContext, QualityContext, StatisticsContext, SupplierContext {
  meters: MeterRepository;
  devices: DeviceRepository;
  calibrations: CalibrationRepository;
  registers: RegisterRepository;
  fitOut: FitOutRepository;
  readings: ReadingRepository;
  consumption: ConsumptionRepository;
  energyItems: EnergyItemRepository;
  coal: CoalRepository;
  balances: BalanceRepository;
  quotients: QuotientRepository;
}

@Resolver(() => Meter)
export class MeterResolver {
  @Guarded('meters:read')
  @Query(() => Meter, { nullable: true, description: 'One meter by its id (按编号查计量器具)' })
  meter(@Arg('id', () => ID) id: string, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(id);
  }

  @Guarded('meters:read')
  @Query(() => MeterConnection, { nullable: true, description: 'Meters in reach (计量器具列表)' })
  meters(@Args() args: MetersArguments, @Ctx() { meters }: MeteringContext): Promise<Page<Meter>> {
    return meters.list(args);
  }

  @Guarded('meters:write', 'buildings:read', 'enterprises:read')
  @Mutation(() => [Meter], {
    nullable: true,
    description: 'Registers or changes meters, all or none (计量器具登记)',
  })
  registerMeters(
    @Arg('meters', () => [MeterInput]) inputs: MeterInput[],
    @Ctx() { meters }: MeteringContext,
  ): Promise<Meter[]> {
    return meters.register(inputs);
  }

  @FieldResolver(() => EarlierMeterConnection, {
    nullable: true,
    description: 'What it was registered as before, the last first (历史登记)',
  })
  earlierRegistrations(
    @Root() { id }: Meter,
    @Args() request: PageArguments,
    @Ctx() { meters }: MeteringContext,
  ): Promise<Page<EarlierMeter>> {
    return meters.earlierOf.load(id, request);
  }

  @FieldResolver(() => Building, { nullable: true, description: 'The building it measures (所属建筑)' })
  building(@Root() { building }: Meter): Building | null {
    return building ? { id: building } : null;
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Owner (用能单位)' })
  owner(@Root() { subject }: Meter): Enterprise {
    return { uscc: subject };
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter above it (上级计量器具)' })
  parent(@Root() { parent }: Meter, @Ctx() { meters }: MeteringContext): Promise<Meter | null> | null {
    return parent ? meters.byId.load(parent) : null;
  }

  @FieldResolver(() => MeterConnection, { description: 'The meters below it (下级计量器具)' })
  children(
    @Root() { id }: Meter,
    @Args() args: MetersWithinArguments,
    @Ctx() { meters }: MeteringContext,
  ): Promise<Page<Meter>> {
    return meters.ofParent.load(id, args);
  }

  @FieldResolver(() => DayBlockConnection, { nullable: true, description: 'Its days of values (日数据)' })
  days(
    @Root() { id }: Meter,
    @Args() args: DaysArguments,
    @Ctx() { readings }: MeteringContext,
  ): Promise<Page<DayBlock>> {
    return readings.daysOf.load(id, args);
  }
}

@Resolver(() => DayBlock)
export class DayBlockResolver {
  @Guarded('readings:read')
  @Query(() => DayBlockConnection, {
    nullable: true,
    description: 'Days of values in reach, by day and meter (日数据列表)',
  })
  meterDays(@Args() args: MeterDaysArguments, @Ctx() { readings }: MeteringContext): Promise<Page<DayBlock>> {
    return readings.days(args);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: DayBlock, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }

  @FieldResolver(() => Series, { description: 'The values from local midnight on (数值序列)' })
  values(@Root() { values, scale }: DayBlock): (string | null)[] {
    return values.map((value) => (value === null ? null : decimalText(value, scale)));
  }

  @FieldResolver(() => Decimal, { description: 'Exact sum of the values present (日合计)' })
  total(@Root() { total, scale }: DayBlock): string {
    return decimalText(total, scale);
  }
}

@Resolver(() => Building)
export class BuildingResolver {
  @FieldResolver(() => MeterConnection, { nullable: true, description: 'Meters of the building (计量器具)' })
  meters(
    @Root() { id }: Building,
    @Args() args: MetersWithinArguments,
    @Ctx() { meters }: MeteringContext,
  ): Promise<Page<Meter>> {
    return meters.ofBuilding.load(id, args);
  }
}

@Resolver(() => Enterprise)
export class EnterpriseResolver {
  @FieldResolver(() => MeterConnection, {
    nullable: true,
    description: 'Meters of the enterprise (计量器具)',
  })
  meters(
    @Root() { uscc }: Enterprise,
    @Args() args: MetersWithinArguments,
    @Ctx() { meters }: MeteringContext,
  ): Promise<Page<Meter>> {
    return meters.ofEnterprise.load(uscc, args);
  }
}
