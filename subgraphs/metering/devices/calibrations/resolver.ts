import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import { PageArguments, type Page } from '../../../runtime/lists.js';
import { Meter } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import { Device } from '../entities.js';
import {
  Calibration,
  CalibrationConnection,
  VerificationInterval,
  VerificationIntervalConnection,
} from './entities.js';
import {
  CalibrationInput,
  CalibrationsEndingArguments,
  OnArguments,
  VerificationIntervalInput,
  VerificationIntervalsArguments,
} from './inputs.js';

@Resolver(() => Calibration)
export class CalibrationResolver {
  @Guarded('meters:read')
  @Query(() => CalibrationConnection, {
    nullable: true,
    description:
      'The last certificates of appliances in use that end within some days or have ended, the first to end first (到期或即将到期的检定/校准)',
  })
  calibrationsEnding(
    @Args() args: CalibrationsEndingArguments,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<Page<Calibration>> {
    return calibrations.ending(args);
  }

  @ForAnyCaller()
  @Query(() => VerificationIntervalConnection, {
    description:
      'How long a verification holds, by kind of instrument and area; as delivered they are unverified (检定周期)',
  })
  verificationIntervals(
    @Args() args: VerificationIntervalsArguments,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<Page<VerificationInterval>> {
    return calibrations.intervals(args);
  }

  @Guarded('scopes:write')
  @Mutation(() => VerificationInterval, {
    nullable: true,
    description:
      'Says how long a verification of a kind of instrument holds in an area, as its admin, for certificates recorded from now on (设置检定周期)',
  })
  setVerificationInterval(
    @Arg('interval', () => VerificationIntervalInput) input: VerificationIntervalInput,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<VerificationInterval> {
    return calibrations.setInterval(input);
  }

  @Guarded('meters:write')
  @Mutation(() => [Calibration], {
    nullable: true,
    description: 'Records certificates of verification or calibration, all or none (检定/校准登记)',
  })
  recordCalibrations(
    @Arg('calibrations', () => [CalibrationInput]) inputs: CalibrationInput[],
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<Calibration[]> {
    return calibrations.record(inputs);
  }

  @FieldResolver(() => Device, { nullable: true, description: 'The appliance (器具)' })
  device(@Root() { device }: Calibration, @Ctx() { devices }: MeteringContext): Promise<Device | null> {
    return devices.byId.load(device);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'Where the appliance stands (计量器具)' })
  meter(@Root() { meter }: Calibration, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }
}

@Resolver(() => Device)
export class CalibrationsOfDeviceResolver {
  @FieldResolver(() => CalibrationConnection, {
    description: 'Its certificates, corrected ones included, latest first (检定/校准记录)',
  })
  calibrations(
    @Root() { id }: Device,
    @Args() request: PageArguments,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<Page<Calibration>> {
    return calibrations.ofDevice.load(id, request);
  }
}

@Resolver(() => Meter)
export class CalibrationOfMeterResolver {
  @FieldResolver(() => Calibration, {
    nullable: true,
    description:
      'The last certificate of the appliance that stood here on a day, also when it no longer held (检定/校准)',
  })
  calibration(
    @Root() { id }: Meter,
    @Args() args: OnArguments,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<Calibration | null> {
    return calibrations.ofMeter.load(id, args);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether the appliance that stood here on a day was qualified and inside its period (是否在有效期内)',
  })
  isCalibrated(
    @Root() { id }: Meter,
    @Args() args: OnArguments,
    @Ctx() { calibrations }: MeteringContext,
  ): Promise<boolean> {
    return calibrations.isInForce.load(id, args);
  }
}
