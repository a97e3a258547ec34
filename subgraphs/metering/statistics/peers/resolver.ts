import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import { EnergyIntensity } from '../../intensity/entities.js';
import type { MeteringContext } from '../../resolver.js';
import { PeerComparison, QuotaLabel } from './entities.js';
import { PeersArguments, QuotaArguments } from './inputs.js';

/** Below intensity, which has the building's floor area already. */
@Resolver(() => EnergyIntensity)
export class PeerResolver {
  @Guarded('statistics:read', 'meters:read')
  @Costs(100)
  @FieldResolver(() => PeerComparison, {
    nullable: true,
    description: 'A month beside its published peers and its own past (同类建筑对标)',
  })
  peers(
    @Root() { building }: EnergyIntensity,
    @Args() args: PeersArguments,
    @Ctx() { peers }: MeteringContext,
  ): Promise<PeerComparison> {
    return peers.compare(building, args);
  }

  @Guarded('meters:read')
  @FieldResolver(() => [QuotaLabel], {
    nullable: true,
    description: 'A year’s electricity beside the quotas of its type, unverified where they are (定额标示)',
  })
  quotas(
    @Root() { building }: EnergyIntensity,
    @Args() args: QuotaArguments,
    @Ctx() { peers }: MeteringContext,
  ): Promise<QuotaLabel[]> {
    return peers.quotas(building, args);
  }
}
