import { Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../../runtime/costs.js';
import { Guarded } from '../../../runtime/guarded.js';
import { PageArguments, type Page } from '../../../runtime/lists.js';
import type { EnterprisesContext } from '../../resolver.js';
import { type AccessUnit, AccessUnitConnection, MEASURED } from '../entities.js';
import {
  AccessReport,
  type AccessReportDue,
  AccessReportDueConnection,
  AccessReportVersion,
  AccessReportVersionConnection,
} from './entities.js';
import { AccessReportArguments, AccessReportsDueArguments, SubmittedReportArguments } from './inputs.js';

@Resolver(() => AccessReport)
export class AccessReportResolver {
  @Guarded(...MEASURED)
  @Costs(100)
  @Query(() => AccessReport, {
    nullable: true,
    description: 'Quarterly report on access, measured as it is asked for (接入进度季度报告)',
  })
  accessReport(
    @Args() args: AccessReportArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<AccessReport> {
    return reports.report(args);
  }

  @Guarded('enterprises:read')
  @Query(() => AccessReportDueConnection, {
    nullable: true,
    description: 'Districts that have not handed in a quarter’s report (未报送季度报告的区)',
  })
  accessReportsDue(
    @Args() args: AccessReportsDueArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<Page<AccessReportDue>> {
    return reports.due(args);
  }

  @Guarded('enterprises:write', ...MEASURED)
  @Mutation(() => AccessReportVersion, {
    nullable: true,
    description: 'Hands in a quarter’s report, or its next version (报送季度报告)',
  })
  submitAccessReport(
    @Args() args: SubmittedReportArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<AccessReportVersion> {
    return reports.submit(args);
  }

  @FieldResolver(() => AccessUnitConnection, { description: 'Units connected (已接入单位名单)' })
  connected(
    @Root() report: AccessReport,
    @Args() request: PageArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<Page<AccessUnit>> {
    return reports.unitsOf(report, request, ({ gateMeters }) => gateMeters > 0);
  }

  @FieldResolver(() => AccessUnitConnection, { description: 'Units overdue (逾期单位名单)' })
  overdue(
    @Root() report: AccessReport,
    @Args() request: PageArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<Page<AccessUnit>> {
    return reports.unitsOf(report, request, ({ isOverdue }) => isOverdue);
  }

  @FieldResolver(() => AccessReportVersionConnection, {
    description: 'As it was handed in, the last version first; none where it was not (报送版本)',
  })
  versions(
    @Root() report: AccessReport,
    @Args() request: PageArguments,
    @Ctx() { reports }: EnterprisesContext,
  ): Promise<Page<AccessReportVersion>> {
    return reports.versions(report, request);
  }
}
