import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';
import { Meter } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import {
  CustomerCandidate,
  CustomerCandidateConnection,
  CustomerLink,
  CustomerLinkConnection,
} from './entities.js';
import { CustomerCandidatesArguments, CustomerLinkInput, CustomerLinksArguments } from './inputs.js';

@Resolver(() => CustomerLink)
export class CustomerLinkResolver {
  @Guarded('supplies:read')
  @Query(() => CustomerLinkConnection, {
    nullable: true,
    description: 'Which meters customer numbers stand for; suppliers see none of it (用户编号对应关系列表)',
  })
  customerLinks(
    @Args() args: CustomerLinksArguments,
    @Ctx() { customers }: MeteringContext,
  ): Promise<Page<CustomerLink>> {
    return customers.links(args);
  }

  @Guarded('supplies:approve', 'supplies:read', 'meters:read')
  @Mutation(() => [CustomerLink], {
    nullable: true,
    description:
      'Links a customer number to meters from a day on; what an enterprise says of itself waits for its platform (登记用户编号对应关系)',
  })
  linkCustomer(
    @Arg('link', () => CustomerLinkInput) input: CustomerLinkInput,
    @Ctx() { customers }: MeteringContext,
  ): Promise<CustomerLink[]> {
    return customers.link(input);
  }

  @Guarded('supplies:approve', 'supplies:read')
  @Mutation(() => CustomerLink, {
    nullable: true,
    description:
      'Confirms what an enterprise said of itself, as a platform of the area (确认用户编号对应关系)',
  })
  confirmCustomerLink(
    @Arg('id', () => ID) id: string,
    @Ctx() { customers }: MeteringContext,
  ): Promise<CustomerLink> {
    return customers.confirm(id);
  }

  @Guarded('supplies:approve', 'supplies:read')
  @Mutation(() => CustomerLink, {
    nullable: true,
    description:
      'Ends a link on a day, on its first day where it was wrong from the start; it is never made longer (终止用户编号对应关系)',
  })
  endCustomerLink(
    @Arg('id', () => ID) id: string,
    @Arg('validTo', () => LocalDate, { description: 'First day on which it is no longer so (终止日期)' })
    validTo: string,
    @Ctx() { customers }: MeteringContext,
  ): Promise<CustomerLink> {
    return customers.end(id, validTo);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: CustomerLink, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }
}

@Resolver(() => CustomerCandidate)
export class CustomerCandidateResolver {
  @Guarded('supplies:read', 'meters:read')
  @Costs(100)
  @Query(() => CustomerCandidateConnection, {
    nullable: true,
    description:
      'Meters that bear the number of the supplier’s meter, for customers not linked; proposals alone (用户编号对应建议列表)',
  })
  customerCandidates(
    @Args() args: CustomerCandidatesArguments,
    @Ctx() { customers }: MeteringContext,
  ): Promise<Page<CustomerCandidate>> {
    return customers.candidates(args);
  }
}
