import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { Meter } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import { MaintenanceVisit, MaintenanceVisitConnection } from './entities.js';
import { MaintenanceVisitInput, MaintenanceVisitsArguments } from './inputs.js';

@Resolver(() => MaintenanceVisit)
export class VisitResolver {
  @Guarded('quality:read')
  @Query(() => MaintenanceVisitConnection, {
    nullable: true,
    description: 'Visits to meters, the latest first (现场维护记录列表)',
  })
  maintenanceVisits(
    @Args() args: MaintenanceVisitsArguments,
    @Ctx() { visits }: MeteringContext,
  ): Promise<Page<MaintenanceVisit>> {
    return visits.list(args);
  }

  @Guarded('quality:write')
  @Mutation(() => MaintenanceVisit, {
    nullable: true,
    description: 'Records a visit; it is never changed (登记现场维护)',
  })
  recordVisit(
    @Arg('visit', () => MaintenanceVisitInput) input: MaintenanceVisitInput,
    @Ctx() { visits }: MeteringContext,
  ): Promise<MaintenanceVisit> {
    return visits.record(input);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: MaintenanceVisit, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }
}
