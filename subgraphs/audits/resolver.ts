import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import {
  Building,
  EnergyAudit,
  EnergyAuditConnection,
  Enterprise,
  MeteringReview,
  MeteringReviewConnection,
} from './entities.js';
import {
  EnergyAuditInput,
  EnergyAuditsArguments,
  MeteringReviewInput,
  MeteringReviewsArguments,
} from './inputs.js';
import type { EnergyAuditRepository, MeteringReviewRepository } from './repository.js';

export interface AuditsContext {
  audits: EnergyAuditRepository;
  reviews: MeteringReviewRepository;
}

@Resolver(() => EnergyAudit)
export class EnergyAuditResolver {
  @Guarded('audits:read')
  @Query(() => EnergyAuditConnection, {
    nullable: true,
    description: 'Energy audits in reach, latest first (能源审计列表)',
  })
  energyAudits(
    @Args() args: EnergyAuditsArguments,
    @Ctx() { audits }: AuditsContext,
  ): Promise<Page<EnergyAudit>> {
    return audits.list(args);
  }

  @Guarded('audits:write', 'buildings:read')
  @Mutation(() => [EnergyAudit], {
    nullable: true,
    description: 'Records energy audits, all or none (能源审计登记)',
  })
  recordEnergyAudits(
    @Arg('audits', () => [EnergyAuditInput]) inputs: EnergyAuditInput[],
    @Ctx() { audits }: AuditsContext,
  ): Promise<EnergyAudit[]> {
    return audits.record(inputs);
  }

  @FieldResolver(() => Building, { nullable: true, description: 'The building audited (被审计建筑)' })
  building(@Root() audit: EnergyAudit): Building {
    return { id: audit.building };
  }

  @FieldResolver(() => Enterprise, {
    nullable: true,
    description: 'Owner at the time of the audit (产权单位)',
  })
  enterprise(@Root() audit: EnergyAudit): Enterprise {
    return { uscc: audit.subject };
  }
}

@Resolver(() => MeteringReview)
export class MeteringReviewResolver {
  @Guarded('reviews:read')
  @Query(() => MeteringReviewConnection, {
    nullable: true,
    description: 'Metering reviews in reach, latest first (计量审查列表)',
  })
  meteringReviews(
    @Args() args: MeteringReviewsArguments,
    @Ctx() { reviews }: AuditsContext,
  ): Promise<Page<MeteringReview>> {
    return reviews.list(args);
  }

  @Guarded('reviews:write', 'enterprises:read')
  @Mutation(() => [MeteringReview], {
    nullable: true,
    description: 'Records metering reviews, all or none (计量审查登记)',
  })
  recordMeteringReviews(
    @Arg('reviews', () => [MeteringReviewInput]) inputs: MeteringReviewInput[],
    @Ctx() { reviews }: AuditsContext,
  ): Promise<MeteringReview[]> {
    return reviews.record(inputs);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'The enterprise reviewed (被审查单位)' })
  enterprise(@Root() review: MeteringReview): Enterprise {
    return { uscc: review.subject };
  }
}

@Resolver(() => Building)
export class BuildingResolver {
  @FieldResolver(() => EnergyAuditConnection, {
    nullable: true,
    description: 'Audits of the building, latest first (能源审计)',
  })
  energyAudits(
    @Root() { id }: Building,
    @Args() request: PageArguments,
    @Ctx() { audits }: AuditsContext,
  ): Promise<Page<EnergyAudit>> {
    return audits.ofBuilding.load(id, request);
  }
}

@Resolver(() => Enterprise)
export class EnterpriseResolver {
  @FieldResolver(() => EnergyAuditConnection, {
    nullable: true,
    description: 'Audits of its buildings, latest first (能源审计)',
  })
  energyAudits(
    @Root() { uscc }: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { audits }: AuditsContext,
  ): Promise<Page<EnergyAudit>> {
    return audits.ofOwner.load(uscc, request);
  }

  @FieldResolver(() => MeteringReviewConnection, {
    nullable: true,
    description: 'Its metering reviews, latest first (能源计量审查)',
  })
  meteringReviews(
    @Root() { uscc }: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { reviews }: AuditsContext,
  ): Promise<Page<MeteringReview>> {
    return reviews.ofEnterprise.load(uscc, request);
  }
}
