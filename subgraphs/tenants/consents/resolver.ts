import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import type { TenantsContext } from '../resolver.js';
import { Consent, ConsentConnection, ConsentEvent } from './entities.js';
import {
  ConsentInput,
  ConsentRequestInput,
  ConsentsArguments,
  ConsentStepArguments,
  GrantConsentArguments,
} from './inputs.js';

@Resolver(() => Consent)
export class ConsentResolver {
  @Guarded('consents:read')
  @Query(() => ConsentConnection, { nullable: true, description: 'Consents in reach (同意列表)' })
  consents(@Args() args: ConsentsArguments, @Ctx() { consents }: TenantsContext): Promise<Page<Consent>> {
    return consents.list(args);
  }

  @Guarded('consents:read')
  @Query(() => Consent, {
    nullable: true,
    description: 'One consent; null when none is in reach (数据共享同意)',
  })
  consent(@Arg('id', () => ID) id: string, @Ctx() { consents }: TenantsContext): Promise<Consent | null> {
    return consents.byId.load(id);
  }

  @FieldResolver(() => [ConsentEvent], { description: 'What happened to it, in order (同意事件)' })
  events(@Root() { id }: Consent, @Ctx() { consents }: TenantsContext): Promise<ConsentEvent[]> {
    return consents.eventsOf.load(id);
  }
}

/** What came too late is for whom the data is about, and for its operator: the recipient learns nothing of it. */
@Resolver(() => Consent)
export class LateDaysResolver {
  @Guarded('readings:read', 'meters:read')
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Days of readings that arrived after its end and went nowhere; null for its recipient (终止后到达的表日数)',
  })
  async lateDays(
    @Root() consent: Consent,
    @Ctx() { consents, session }: TenantsContext,
  ): Promise<number | null> {
    if (consent.recipient === session.grant.caller.tenant) return null;
    return consents.lateDaysOf.load(consent);
  }
}

/** The steps of a consent's life; who may take which stands in transitions.ts and decision 0010. */
@Resolver(() => Consent)
export class ConsentStepResolver {
  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Asks an enterprise for its consent to the caller’s receiving its data (申请同意)',
  })
  requestConsent(
    @Arg('request', () => ConsentRequestInput) input: ConsentRequestInput,
    @Ctx() { consents }: TenantsContext,
  ): Promise<Consent> {
    return consents.request(input);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Grants what was asked for, or less: the subject itself, or from its paper (同意申请)',
  })
  grantConsent(@Args() args: GrantConsentArguments, @Ctx() { consents }: TenantsContext): Promise<Consent> {
    return consents.grant(args);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Refuses what was asked for: the subject itself, or from its paper (拒绝申请)',
  })
  refuseConsent(@Args() args: ConsentStepArguments, @Ctx() { consents }: TenantsContext): Promise<Consent> {
    return consents.end('REFUSED', args);
  }

  @Guarded('consents:write')
  @Mutation(() => [Consent], {
    nullable: true,
    description: 'Records consents, all or none: a subject its own, or from paper (同意登记)',
  })
  recordConsents(
    @Arg('consents', () => [ConsentInput]) inputs: ConsentInput[],
    @Ctx() { consents }: TenantsContext,
  ): Promise<Consent[]> {
    return consents.record(inputs);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description:
      'Takes a consent back, the subject itself or from its paper; works within a second (撤回同意)',
  })
  revokeConsent(@Args() args: ConsentStepArguments, @Ctx() { consents }: TenantsContext): Promise<Consent> {
    return consents.end('REVOKED', args);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Ends a consent as its recipient, which wants no more of it (接收方终止)',
  })
  terminateConsent(
    @Args() args: ConsentStepArguments,
    @Ctx() { consents }: TenantsContext,
  ): Promise<Consent> {
    return consents.end('TERMINATED', args);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Ends a consent whose purpose is fulfilled, as subject or recipient (用途完成)',
  })
  fulfilConsent(@Args() args: ConsentStepArguments, @Ctx() { consents }: TenantsContext): Promise<Consent> {
    return consents.end('FULFILLED', args);
  }
}
