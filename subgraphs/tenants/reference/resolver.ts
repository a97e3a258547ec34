import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { TenantsContext } from '../resolver.js';
import { Area, AreaConnection } from './entities.js';

@Resolver(() => Area)
export class AreaResolver {
  @ForAnyCaller()
  @Query(() => AreaConnection, { description: 'Areas (行政区划代码)' })
  areas(@Args() request: PageArguments, @Ctx() { areas }: TenantsContext): Promise<Page<Area>> {
    return areas.list(request);
  }
}
