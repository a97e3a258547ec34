import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import {
  Building,
  BuildingConnection,
  EarlierBuilding,
  EarlierBuildingConnection,
  Enterprise,
} from './entities.js';
import { BuildingInput, BuildingsArguments } from './inputs.js';
import type { BuildingCodeRepository } from './reference/repository.js';
import type { BuildingRepository } from './repository.js';

export interface BuildingsContext {
  buildings: BuildingRepository;
  buildingCodes: BuildingCodeRepository;
}

@Resolver(() => Building)
export class BuildingResolver {
  @Guarded('buildings:read')
  @Query(() => Building, { nullable: true, description: 'One building by its code (按编码查建筑)' })
  building(
    @Arg('id', () => ID) id: string,
    @Ctx() { buildings }: BuildingsContext,
  ): Promise<Building | null> {
    return buildings.byId.load(id);
  }

  @Guarded('buildings:read')
  @Query(() => BuildingConnection, { nullable: true, description: 'Buildings in reach (建筑列表)' })
  buildings(
    @Args() args: BuildingsArguments,
    @Ctx() { buildings }: BuildingsContext,
  ): Promise<Page<Building>> {
    return buildings.list(args);
  }

  @Guarded('buildings:write')
  @Mutation(() => [Building], {
    nullable: true,
    description: 'Registers or changes buildings, all or none (建筑登记)',
  })
  registerBuildings(
    @Arg('buildings', () => [BuildingInput]) inputs: BuildingInput[],
    @Ctx() { buildings }: BuildingsContext,
  ): Promise<Building[]> {
    return buildings.register(inputs);
  }

  @FieldResolver(() => EarlierBuildingConnection, {
    nullable: true,
    description: 'What it was registered as before, the last first (历史登记)',
  })
  earlierRegistrations(
    @Root() { id }: Building,
    @Args() request: PageArguments,
    @Ctx() { buildings }: BuildingsContext,
  ): Promise<Page<EarlierBuilding>> {
    return buildings.earlierOf.load(id, request);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Owner of the building (产权单位)' })
  owner(@Root() building: Building): Enterprise {
    return { uscc: building.subject };
  }
}

@Resolver(() => Enterprise)
export class EnterpriseResolver {
  @FieldResolver(() => BuildingConnection, {
    nullable: true,
    description: 'Buildings the enterprise owns (所属建筑)',
  })
  buildings(
    @Root() enterprise: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { buildings }: BuildingsContext,
  ): Promise<Page<Building>> {
    return buildings.ofOwner.load(enterprise.uscc, request);
  }
}
