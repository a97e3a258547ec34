import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Meter } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import { Device, DeviceConnection } from './entities.js';
import { InstallationInput, RemovalInput, ReplacementInput } from './inputs.js';

@Resolver(() => Device)
export class DeviceResolver {
  @Guarded('meters:write', 'readings:write')
  @Mutation(() => Device, {
    nullable: true,
    description: 'Records the appliance that begins to count at a metering point (器具安装)',
  })
  installDevice(
    @Arg('installation', () => InstallationInput) installation: InstallationInput,
    @Ctx() { devices }: MeteringContext,
  ): Promise<Device> {
    return devices.install(installation);
  }

  @Guarded('meters:write', 'readings:write')
  @Mutation(() => [Device], {
    nullable: true,
    description: 'The same for up to 500 metering points, all or none (批量器具安装)',
  })
  installDevices(
    @Arg('installations', () => [InstallationInput]) installations: InstallationInput[],
    @Ctx() { devices }: MeteringContext,
  ): Promise<Device[]> {
    return devices.installAll(installations);
  }

  @Guarded('meters:write', 'readings:write')
  @Mutation(() => Device, {
    nullable: true,
    description: 'Changes the meter: the appliance in use ends, the next begins, the series goes on (换表)',
  })
  replaceDevice(
    @Arg('replacement', () => ReplacementInput) replacement: ReplacementInput,
    @Ctx() { devices }: MeteringContext,
  ): Promise<Device> {
    return devices.replace(replacement);
  }

  @Guarded('meters:write', 'readings:write')
  @Mutation(() => Device, {
    nullable: true,
    description:
      'Ends the appliance in use; readings of a register from then on wait in quarantine for the next one (拆表)',
  })
  removeDevice(
    @Arg('removal', () => RemovalInput) removal: RemovalInput,
    @Ctx() { devices }: MeteringContext,
  ): Promise<Device> {
    return devices.remove(removal);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'Where it stands (计量器具)' })
  meter(@Root() { meter }: Device, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }
}

@Resolver(() => Meter)
export class DevicesOfMeterResolver {
  @FieldResolver(() => DeviceConnection, {
    description: 'The appliances that stood here, latest first (历次计量器具实物)',
  })
  devices(
    @Root() { id }: Meter,
    @Args() request: PageArguments,
    @Ctx() { devices }: MeteringContext,
  ): Promise<Page<Device>> {
    return devices.ofMeter.load(id, request);
  }
}
