import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Consent } from '../consents/entities.js';
import type { TenantsContext } from '../resolver.js';
import { ErasureAcknowledgement, ErasureNotice, ErasureNoticeConnection } from './entities.js';
import { AcknowledgeErasureArguments, ErasureNoticesArguments } from './inputs.js';

@Resolver(() => ErasureNotice)
export class ErasureResolver {
  @Guarded('erasures:read')
  @Query(() => ErasureNoticeConnection, {
    nullable: true,
    description: 'Notices of erasure in reach (删除通知列表)',
  })
  erasureNotices(
    @Args() args: ErasureNoticesArguments,
    @Ctx() { erasures }: TenantsContext,
  ): Promise<Page<ErasureNotice>> {
    return erasures.list(args);
  }

  @Guarded('erasures:read')
  @Query(() => ErasureNotice, {
    nullable: true,
    description: 'One notice of erasure; null when none is in reach (删除通知)',
  })
  erasureNotice(
    @Arg('id', () => ID) id: string,
    @Ctx() { erasures }: TenantsContext,
  ): Promise<ErasureNotice | null> {
    return erasures.byId.load(id);
  }

  @Guarded('erasures:write', 'erasures:read')
  @Mutation(() => ErasureAcknowledgement, {
    nullable: true,
    description: 'Says, as the recipient, that what a notice names is erased (确认删除)',
  })
  acknowledgeErasure(
    @Args() args: AcknowledgeErasureArguments,
    @Ctx() { erasures }: TenantsContext,
  ): Promise<ErasureAcknowledgement> {
    return erasures.acknowledge(args);
  }

  @FieldResolver(() => Boolean, { description: 'Open, and its time over (是否逾期)' })
  isOverdue(@Root() { state, eraseBy }: ErasureNotice): boolean {
    return state === 'OPEN' && Date.parse(eraseBy) <= Date.now();
  }

  @FieldResolver(() => ErasureAcknowledgement, {
    nullable: true,
    description: 'What the recipient said of its erasure (删除确认)',
  })
  acknowledgement(
    @Root() { id }: ErasureNotice,
    @Ctx() { erasures }: TenantsContext,
  ): Promise<ErasureAcknowledgement | null> {
    return erasures.acknowledgementOf.load(id);
  }
}

@Resolver(() => Consent)
export class ConsentErasureResolver {
  @FieldResolver(() => ErasureNotice, {
    nullable: true,
    description: 'What its recipient was told when it ended (删除通知)',
  })
  erasureNotice(@Root() { id }: Consent, @Ctx() { erasures }: TenantsContext): Promise<ErasureNotice | null> {
    return erasures.ofConsent.load(id);
  }
}
