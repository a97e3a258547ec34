import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { Enterprise, Meter } from '../entities.js';
import { Finding } from '../quality/entities.js';
import type { MeteringContext } from '../resolver.js';
import { CaseEvent, CaseRules, QualityCase, QualityCaseConnection } from './entities.js';
import { AssignCaseArguments, CaseRulesInput, CasesArguments, CaseStepArguments } from './inputs.js';

@Resolver(() => QualityCase)
export class CaseResolver {
  @Guarded('quality:read')
  @Query(() => QualityCase, { nullable: true, description: 'One case (按编号查处置单)' })
  case(@Arg('id', () => ID) id: string, @Ctx() { cases }: MeteringContext): Promise<QualityCase | null> {
    return cases.byId.load(id);
  }

  @Guarded('quality:read')
  @Query(() => QualityCaseConnection, {
    nullable: true,
    description: 'What is wrong with readings and how far it is settled, the last first (异常处置单列表)',
  })
  cases(@Args() args: CasesArguments, @Ctx() { cases }: MeteringContext): Promise<Page<QualityCase>> {
    return cases.list(args);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: QualityCase, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Owner of the meter (用能单位)' })
  owner(@Root() { subject }: QualityCase): Enterprise {
    return { uscc: subject };
  }

  @FieldResolver(() => [CaseEvent], { description: 'What happened to it, in order (处置记录)' })
  events(@Root() { id }: QualityCase, @Ctx() { cases }: MeteringContext): Promise<CaseEvent[]> {
    return cases.eventsOf.load(id);
  }

  @FieldResolver(() => [Finding], {
    description: 'The findings in it, the latest first, at most 500 (数据质量问题)',
  })
  findings(@Root() { id }: QualityCase, @Ctx() { cases }: MeteringContext): Promise<Finding[]> {
    return cases.findingsOf(id);
  }
}

@Resolver(() => QualityCase)
export class CaseStepResolver {
  @Guarded('quality:write')
  @Mutation(() => QualityCase, { nullable: true, description: 'Gives a case to somebody to work on (派单)' })
  assignCase(@Args() args: AssignCaseArguments, @Ctx() { cases }: MeteringContext): Promise<QualityCase> {
    return cases.step('ASSIGNED', args);
  }

  @Guarded('quality:write')
  @Mutation(() => QualityCase, {
    nullable: true,
    description: 'Says why the readings are as they are; the owner may of its own (说明原因)',
  })
  explainCase(@Args() args: CaseStepArguments, @Ctx() { cases }: MeteringContext): Promise<QualityCase> {
    return cases.step('EXPLAINED', args);
  }

  @Guarded('quality:write')
  @Mutation(() => QualityCase, { nullable: true, description: 'Says what was repaired (登记修复)' })
  repairCase(@Args() args: CaseStepArguments, @Ctx() { cases }: MeteringContext): Promise<QualityCase> {
    return cases.step('REPAIRED', args);
  }

  @Guarded('quality:write')
  @Mutation(() => QualityCase, {
    nullable: true,
    description: 'Accepts the answer; once it is escalated, by who approves quality where it came to (办结)',
  })
  closeCase(@Args() args: CaseStepArguments, @Ctx() { cases }: MeteringContext): Promise<QualityCase> {
    return cases.step('CLOSED', args);
  }

  @Guarded('quality:approve')
  @Mutation(() => QualityCase, {
    nullable: true,
    description: 'Accepts the answer to a case that was escalated to the caller (办结已升级的处置单)',
  })
  closeEscalatedCase(
    @Args() args: CaseStepArguments,
    @Ctx() { cases }: MeteringContext,
  ): Promise<QualityCase> {
    return cases.step('CLOSED', args);
  }
}

@Resolver(() => CaseRules)
export class CaseRulesResolver {
  @ForAnyCaller()
  @Query(() => [CaseRules], { description: 'What opens a case and how long it may take, by area (处置规则)' })
  caseRules(@Ctx() { cases }: MeteringContext): Promise<CaseRules[]> {
    return cases.rules();
  }

  @Guarded('quality:approve')
  @Mutation(() => CaseRules, {
    nullable: true,
    description: 'Sets them for an area; earlier ones stay (设置处置规则)',
  })
  setCaseRules(
    @Arg('rules', () => CaseRulesInput) input: CaseRulesInput,
    @Ctx() { cases }: MeteringContext,
  ): Promise<CaseRules> {
    return cases.setRules(input);
  }
}
