import { Args, Ctx, Resolver } from 'type-graphql';
import type { TenantsContext } from '../../resolver.js';
import { Application } from '../entities.js';
import { ActArguments, StepArguments, WaiverArguments } from '../inputs.js';
import { Step } from './step.js';

/** What it takes to change whether an applicant's tenant may call. */
const STANDING = ['applications:approve', 'tenants:read', 'tenants:write'] as const;
/** What it takes to let a tenant in: it is registered with its purposes, scopes and certificate. */
const ADMITTING = [
  ...STANDING,
  'purposes:read',
  'purposes:write',
  'purposes:approve',
  'scopes:read',
  'scopes:write',
] as const;

/** What the offices of the annexes do; each field takes the scope of its office. */
@Resolver()
export class OfficeResolver {
  @Step(
    'TAKE_UP, PASS_PROTOCOL, RETURN, BEGIN_TEST, CONFIRM_STABLE or REOPEN_TEST (国家节能中心接口协议审核)',
    'applications:review_protocol',
  )
  reviewProtocol(
    @Args() { id, act, ...details }: ActArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'review_protocol', act, details);
  }

  @Step('PASS_SECURITY, RETURN or REOPEN_TEST (国家信息中心技术安全审核)', 'applications:review_security')
  reviewSecurity(
    @Args() { id, act, ...details }: ActArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'review_security', act, details);
  }

  @Step('RETURN or REOPEN_TEST by who approves (审批退回)', 'applications:approve')
  decideApplication(
    @Args() { id, act, ...details }: ActArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'approve', act, details);
  }

  @Step(
    'Waives a requirement for a reason given by letter; who waives does not approve the connection (豁免要求)',
    'applications:approve',
  )
  waiveRequirement(
    @Args() { id, requirement, ...details }: WaiverArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'approve', 'WAIVE', { ...details, requirement });
  }

  @Step(
    'Registers the tenant in the TEST database with its purposes, scopes and certificate (批准测试对接)',
    ...ADMITTING,
  )
  approveForTest(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.approveForTest(id, details);
  }

  @Step('Refused until every requirement is met or waived (批准正式对接)', 'applications:approve')
  approveForFormal(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.approveForFormal(id, details);
  }

  @Step('Registers the tenant in the FORMAL database, likewise (正式接入)', ...ADMITTING)
  connectApplication(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.connect(id, details);
  }

  @Step('Suspends the application and its tenant; works within a second (暂停接入)', ...STANDING)
  suspendApplication(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.suspend(id, details);
  }

  @Step('Takes the application and its tenant up again where they were (恢复接入)', ...STANDING)
  resumeApplication(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.resume(id, details);
  }

  @Step(
    'Withdraws an approved application upon the applicant’s letter; closes its TEST tenant (撤销批准)',
    ...STANDING,
  )
  withdrawApproval(
    @Args() { id, ...details }: StepArguments,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.withdrawApproved(id, details);
  }
}
