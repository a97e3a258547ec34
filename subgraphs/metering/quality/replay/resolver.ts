import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import type { MeteringContext } from '../../resolver.js';
import { ReplayArguments } from '../inputs.js';
import { QualityReplay } from './entities.js';

@Resolver(() => QualityReplay)
export class QualityReplayResolver {
  @Guarded('quality:write')
  @Costs(10000)
  @Query(() => QualityReplay, {
    nullable: true,
    description:
      'What a draft of the rules would have found in history, beside the edition in force; nothing is written (规则草案回放)',
  })
  replayQualityEdition(
    @Args() args: ReplayArguments,
    @Ctx() { qualityReplays }: MeteringContext,
  ): Promise<QualityReplay> {
    return qualityReplays.replay(args);
  }
}
