import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import type { TenantsContext } from '../resolver.js';
import { applyForAll } from './batches.js';
import {
  Application,
  ApplicationChange,
  ApplicationConnection,
  ApplicationVersion,
  ApplicationVersionConnection,
  ListedUnit,
  ListedUnitConnection,
} from './entities.js';
import {
  ApplicationBatchInput,
  ApplicationFormInput,
  ApplicationInput,
  ApplicationsArguments,
  ApplicationUnitsArguments,
} from './inputs.js';
import { ApplicationForm } from './form.js';
import { ConnectionReadiness } from './readiness.js';
import { ConnectionRule, ConnectionRuleConnection } from './rules.js';
import { UnitInTest } from './units.js';
import { versionId } from './versions.js';
import { ApplicationEvent, ApplicationEventConnection, ApplicationCertificate } from './review/entities.js';
import { Step } from './review/step.js';

@Resolver(() => Application)
export class ApplicationResolver {
  @Guarded('applications:read')
  @Query(() => ApplicationConnection, {
    nullable: true,
    description: 'Applications in reach, the latest first (接入申请列表)',
  })
  applications(
    @Args() args: ApplicationsArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<Application>> {
    return applications.list(args);
  }

  @Guarded('applications:read')
  @Query(() => Application, {
    nullable: true,
    description: 'One application; null when none is in reach (接入申请)',
  })
  application(
    @Arg('id', () => ID) id: string,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Application | null> {
    return applications.byId.load(id);
  }

  @Guarded('applications:read')
  @Query(() => ConnectionReadiness, {
    nullable: true,
    description: 'What the hub measured in the test, what is met and what is missing (正式对接就绪情况)',
  })
  connectionReadiness(
    @Arg('application', () => ID) id: string,
    @Ctx() { connections }: TenantsContext,
  ): Promise<ConnectionReadiness> {
    return connections.readiness(id);
  }

  @Guarded('applications:read')
  @Query(() => [ApplicationChange], {
    nullable: true,
    description: 'What a version has that an earlier one had not, and the other way (版本差异)',
  })
  applicationChanges(
    @Arg('application', () => ID) id: string,
    @Arg('from', () => Int) from: number,
    @Arg('to', () => Int) to: number,
    @Ctx() { applications }: TenantsContext,
  ): Promise<ApplicationChange[]> {
    return applications.changes(id, from, to);
  }

  @Guarded('applications:read')
  @Query(() => ListedUnitConnection, {
    nullable: true,
    description: 'The list of units of a version (用能单位名单)',
  })
  applicationUnits(
    @Args() { application, version, ...request }: ApplicationUnitsArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<ListedUnit>> {
    return applications.units.load(versionId(application, version), request);
  }

  @ForAnyCaller()
  @Query(() => ConnectionRuleConnection, {
    description: 'By which figures the test month is measured (对接测试判定规则)',
  })
  connectionRules(
    @Args() request: PageArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<ConnectionRule>> {
    return applications.ruleList(request);
  }

  @Step('Drafts an application (填写接入申请)', 'applications:write')
  applyForConnection(
    @Arg('application', () => ApplicationInput) input: ApplicationInput,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Application> {
    return applications.apply(input);
  }

  @Guarded('applications:write')
  @Mutation(() => [Application], {
    nullable: true,
    description:
      'Drafts an application for each of several enterprises that connect directly, all or none (分批次填写接入申请)',
  })
  applyForConnections(
    @Arg('batch', () => ApplicationBatchInput) input: ApplicationBatchInput,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Application[]> {
    return applyForAll(applications, input);
  }

  @Step('Makes the next version of the form; the old one stays (变更申请)', 'applications:write')
  amendApplication(
    @Arg('id', () => ID) id: string,
    @Arg('form', () => ApplicationFormInput) form: ApplicationFormInput,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Application> {
    return applications.amend(id, form);
  }

  @Step('Hands an application in (提交申请)', 'applications:write')
  submitApplication(
    @Arg('id', () => ID) id: string,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'write', 'SUBMIT', {});
  }

  @Step('Withdraws an application before its approval (撤回申请)', 'applications:write')
  withdrawApplication(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { connections }: TenantsContext,
  ): Promise<Application> {
    return connections.act(id, 'write', 'WITHDRAW', { opinion: reason });
  }

  @FieldResolver(() => ApplicationForm, { description: 'The form as it stands (当前申请表)' })
  async form(@Root() its: Application, @Ctx() { applications }: TenantsContext): Promise<ApplicationForm> {
    return (await applications.presentVersion(its)).form;
  }

  @FieldResolver(() => ApplicationVersionConnection, { description: 'Versions of the form (申请版本)' })
  versions(
    @Root() { id }: Application,
    @Args() request: PageArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<ApplicationVersion>> {
    return applications.versions.load(id, request);
  }

  @FieldResolver(() => ApplicationEventConnection, { description: 'Its steps, in order (办理记录)' })
  events(
    @Root() { id }: Application,
    @Args() request: PageArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<ApplicationEvent>> {
    return applications.events.load(id, request);
  }

  @FieldResolver(() => [ApplicationCertificate], {
    description: 'Certificates that its approvals issued (签发的证书)',
  })
  certificates(
    @Root() { id }: Application,
    @Ctx() { applications }: TenantsContext,
  ): Promise<ApplicationCertificate[]> {
    return applications.certificates.load(id);
  }
}

@Resolver(() => ApplicationVersion)
export class ApplicationVersionResolver {
  @FieldResolver(() => ListedUnitConnection, { description: 'Its list of units (用能单位名单)' })
  units(
    @Root() { id }: ApplicationVersion,
    @Args() request: PageArguments,
    @Ctx() { applications }: TenantsContext,
  ): Promise<Page<ListedUnit>> {
    return applications.units.load(id, request);
  }
}

@Resolver(() => ListedUnit)
export class ListedUnitResolver {
  @FieldResolver(() => UnitInTest, {
    description: 'What the hub has of it in the test, measured now (测试情况)',
  })
  inTest(@Root() unit: ListedUnit, @Ctx() { connections }: TenantsContext): Promise<UnitInTest> {
    return connections.unitsInTest.load(unit);
  }
}
