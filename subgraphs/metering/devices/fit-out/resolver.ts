import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import { PageArguments, type Page } from '../../../runtime/lists.js';
import { Enterprise, Meter } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import {
  AreaFitOutRate,
  type FitOutEdition,
  FitOutEditionConnection,
  type FitOutKind,
  FitOutKindConnection,
  MeteredPlace,
  MeteredPlaceConnection,
  MeterFitOut,
} from './entities.js';
import { FitOutRateInput, MeteredPlaceInput, MeterFitOutArguments } from './inputs.js';

@Resolver(() => MeteredPlace)
export class MeteredPlaceResolver {
  @ForAnyCaller()
  @Query(() => FitOutKindConnection, { description: 'Kinds of energy of GB 17167 (能源种类)' })
  fitOutKinds(@Args() request: PageArguments, @Ctx() { fitOut }: MeteringContext): Promise<Page<FitOutKind>> {
    return fitOut.kinds(request);
  }

  @ForAnyCaller()
  @Query(() => FitOutEditionConnection, { description: 'Editions of GB 17167 (标准版本)' })
  fitOutEditions(
    @Args() request: PageArguments,
    @Ctx() { fitOut }: MeteringContext,
  ): Promise<Page<FitOutEdition>> {
    return fitOut.editions(request);
  }

  @Guarded('meters:write', 'enterprises:read')
  @Mutation(() => [MeteredPlace], {
    nullable: true,
    description: 'Registers or changes places that should have a meter, all or none (应配备计量器具处登记)',
  })
  registerMeteredPlaces(
    @Arg('places', () => [MeteredPlaceInput]) inputs: MeteredPlaceInput[],
    @Ctx() { fitOut }: MeteringContext,
  ): Promise<MeteredPlace[]> {
    return fitOut.register(inputs);
  }

  @Guarded('scopes:write')
  @Mutation(() => [AreaFitOutRate], {
    nullable: true,
    description:
      'Adds rates that an edition requires, for an area, as its admin; earlier ones stay, the last counts (补充配备率要求)',
  })
  addFitOutRates(
    @Arg('rates', () => [FitOutRateInput]) inputs: FitOutRateInput[],
    @Ctx() { fitOut }: MeteringContext,
  ): Promise<AreaFitOutRate[]> {
    return fitOut.addRates(inputs);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter fitted there (计量器具)' })
  meter(@Root() { meter }: MeteredPlace, @Ctx() { meters }: MeteringContext): Promise<Meter | null> | null {
    return meter ? meters.byId.load(meter) : null;
  }
}

@Resolver(() => Enterprise)
export class FitOutOfEnterpriseResolver {
  @FieldResolver(() => MeteredPlaceConnection, {
    nullable: true,
    description: 'Its places that should have a meter (应配备计量器具处)',
  })
  meteredPlaces(
    @Root() { uscc }: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { fitOut }: MeteringContext,
  ): Promise<Page<MeteredPlace>> {
    return fitOut.placesOf.load(uscc, request);
  }

  @Guarded('meters:read')
  @FieldResolver(() => MeterFitOut, {
    nullable: true,
    description: 'Its meters fitted against those needed, by an edition of GB 17167 (计量器具配备率)',
  })
  meterFitOut(
    @Root() { uscc }: Enterprise,
    @Args() args: MeterFitOutArguments,
    @Ctx() { fitOut }: MeteringContext,
  ): Promise<MeterFitOut> {
    return fitOut.ofEnterprise.load(uscc, args);
  }
}
