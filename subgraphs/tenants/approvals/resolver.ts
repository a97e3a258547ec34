import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Tenant } from '../entities.js';
import type { TenantsContext } from '../resolver.js';
import { CertificateApproval, CertificateApprovalConnection } from './entities.js';
import { ApproveArguments } from './inputs.js';

@Resolver(() => Tenant)
export class ApprovalResolver {
  @Guarded('applications:approve', 'tenants:read')
  @Mutation(() => CertificateApproval, {
    nullable: true,
    description: 'Approves for how long a tenant may hold certificates; not for oneself (证书有效期审批)',
  })
  approveCertificates(
    @Args() args: ApproveArguments,
    @Ctx() { approvals }: TenantsContext,
  ): Promise<CertificateApproval> {
    return approvals.approve(args);
  }

  @FieldResolver(() => CertificateApprovalConnection, {
    description: 'For how long its certificates were approved (证书有效期审批)',
  })
  certificateApprovals(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { approvals }: TenantsContext,
  ): Promise<Page<CertificateApproval>> {
    return approvals.of.load(id, request);
  }
}
