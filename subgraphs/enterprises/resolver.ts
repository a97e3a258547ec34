import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import {
  EarlierEnterprise,
  EarlierEnterpriseConnection,
  Enterprise,
  EnterpriseConnection,
} from './entities.js';
import { EnterpriseInput, EnterprisesArguments } from './inputs.js';
import type { PlanRepository } from './progress/plans/repository.js';
import type { ReportRepository } from './progress/reports/repository.js';
import type { ProgressRepository } from './progress/repository.js';
import type { TargetRepository } from './progress/targets/repository.js';
import type { IndustryRepository } from './reference/repository.js';
import type { EnterpriseRepository } from './repository.js';

export interface EnterprisesContext {
  enterprises: EnterpriseRepository;
  industries: IndustryRepository;
  plans: PlanRepository;
  targets: TargetRepository;
  progress: ProgressRepository;
  reports: ReportRepository;
}

@Resolver(() => Enterprise)
export class EnterpriseResolver {
  @Guarded('enterprises:read')
  @Query(() => Enterprise, {
    nullable: true,
    description: 'One enterprise by its code (按统一社会信用代码查单位)',
  })
  enterprise(
    @Arg('uscc', () => ID) uscc: string,
    @Ctx() { enterprises }: EnterprisesContext,
  ): Promise<Enterprise | null> {
    return enterprises.byUscc.load(uscc);
  }

  @Guarded('enterprises:read')
  @Query(() => EnterpriseConnection, { nullable: true, description: 'Enterprises in reach (用能单位列表)' })
  enterprises(
    @Args() args: EnterprisesArguments,
    @Ctx() { enterprises }: EnterprisesContext,
  ): Promise<Page<Enterprise>> {
    return enterprises.list(args);
  }

  @Guarded('enterprises:write')
  @Mutation(() => [Enterprise], {
    nullable: true,
    description: 'Registers or changes enterprises, all or none (单位登记)',
  })
  registerEnterprises(
    @Arg('enterprises', () => [EnterpriseInput]) inputs: EnterpriseInput[],
    @Ctx() { enterprises }: EnterprisesContext,
  ): Promise<Enterprise[]> {
    return enterprises.register(inputs);
  }

  @FieldResolver(() => EarlierEnterpriseConnection, {
    nullable: true,
    description: 'What it was registered as before, the last first (历史登记)',
  })
  earlierRegistrations(
    @Root() { uscc }: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { enterprises }: EnterprisesContext,
  ): Promise<Page<EarlierEnterprise>> {
    return enterprises.earlierOf.load(uscc, request);
  }
}
