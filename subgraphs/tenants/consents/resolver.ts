import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import type { TenantsContext } from '../resolver.js';
import { Consent, ConsentConnection } from './entities.js';
import { ConsentInput, ConsentsArguments } from './inputs.js';

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

  @Guarded('consents:write')
  @Mutation(() => [Consent], { nullable: true, description: 'Records consents, all or none (同意登记)' })
  recordConsents(
    @Arg('consents', () => [ConsentInput]) inputs: ConsentInput[],
    @Ctx() { consents }: TenantsContext,
  ): Promise<Consent[]> {
    return consents.recordConsents(inputs);
  }

  @Guarded('consents:write')
  @Mutation(() => Consent, {
    nullable: true,
    description: 'Revokes a consent; works within a second (撤回同意)',
  })
  revokeConsent(@Arg('id', () => ID) id: string, @Ctx() { consents }: TenantsContext): Promise<Consent> {
    return consents.revokeConsent(id);
  }
}
