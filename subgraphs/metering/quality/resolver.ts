import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../runtime/costs.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Meter } from '../entities.js';
import type { MeteringContext } from '../resolver.js';
import {
  Evidence,
  Finding,
  FindingConnection,
  FindingCount,
  QualityEdition,
  QualityEditionConnection,
  QualityParameter,
  QualityRule,
  QualityRuleConnection,
} from './entities.js';
import { FindingCountsArguments, FindingsArguments, ProposedEditionArguments } from './inputs.js';

@Resolver(() => QualityRule)
export class QualityRuleResolver {
  @ForAnyCaller()
  @Query(() => QualityRuleConnection, { description: 'Rules by which readings are judged (数据质量规则)' })
  qualityRules(
    @Args() request: PageArguments,
    @Ctx() { quality }: MeteringContext,
  ): Promise<Page<QualityRule>> {
    return quality.rules(request);
  }

  @FieldResolver(() => [QualityParameter], {
    description: 'What it compares with, in the edition in force (现行参数)',
  })
  parameters(
    @Root() { code }: QualityRule,
    @Ctx() { quality }: MeteringContext,
  ): Promise<QualityParameter[]> {
    return quality.parametersOf(code);
  }
}

@Resolver(() => QualityEdition)
export class QualityEditionResolver {
  @ForAnyCaller()
  @Query(() => QualityEditionConnection, {
    description: 'Editions of the rules’ parameters, the last first (数据质量规则版本)',
  })
  qualityEditions(
    @Args() request: PageArguments,
    @Ctx() { quality }: MeteringContext,
  ): Promise<Page<QualityEdition>> {
    return quality.editions(request);
  }

  @Guarded('quality:write')
  @Mutation(() => QualityEdition, {
    nullable: true,
    description: 'Drafts an edition: the one in force with some parameters changed (提出规则新版本)',
  })
  proposeQualityEdition(
    @Args() args: ProposedEditionArguments,
    @Ctx() { quality }: MeteringContext,
  ): Promise<QualityEdition> {
    return quality.propose(args);
  }

  @Guarded('quality:approve')
  @Mutation(() => QualityEdition, {
    nullable: true,
    description: 'Puts another tenant’s draft into force, for what is judged from now on (批准规则新版本)',
  })
  adoptQualityEdition(
    @Arg('number', () => Int) number: number,
    @Ctx() { quality }: MeteringContext,
  ): Promise<QualityEdition> {
    return quality.adopt(number);
  }

  @FieldResolver(() => [QualityParameter], { description: 'Its parameters, all of them (全部参数)' })
  parameters(
    @Root() { number }: QualityEdition,
    @Ctx() { quality }: MeteringContext,
  ): Promise<QualityParameter[]> {
    return quality.parameters.load(number);
  }
}

@Resolver(() => Finding)
export class FindingResolver {
  @Guarded('quality:read')
  @Query(() => FindingConnection, {
    nullable: true,
    description: 'What the rules found in readings, the latest day first (数据质量问题列表)',
  })
  findings(@Args() args: FindingsArguments, @Ctx() { quality }: MeteringContext): Promise<Page<Finding>> {
    return quality.findings(args);
  }

  @Guarded('quality:read')
  @Costs(200)
  @Query(() => [FindingCount], {
    nullable: true,
    description: 'How many findings of each rule are in force, of all in reach (问题数统计)',
  })
  findingCounts(
    @Args() args: FindingCountsArguments,
    @Ctx() { quality }: MeteringContext,
  ): Promise<FindingCount[]> {
    return quality.counts(args);
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter (计量器具)' })
  meter(@Root() { meter }: Finding, @Ctx() { meters }: MeteringContext): Promise<Meter | null> {
    return meters.byId.load(meter);
  }

  @FieldResolver(() => [Evidence], { description: 'The figures that it rests on (判定依据)' })
  evidence(@Root() { evidence }: Finding): Evidence[] {
    return Object.entries(evidence).map(([name, value]) => ({ name, value }));
  }

  @FieldResolver(() => String, { description: 'COMPLETENESS, TIMELINESS, … as the rule says (质量维度)' })
  async dimension(@Root() { rule }: Finding, @Ctx() { quality }: MeteringContext): Promise<string> {
    return (await quality.rule.load(rule))!.dimension;
  }

  @FieldResolver(() => String, { description: 'NOTICE, WARNING or SEVERE, as the rule says (严重程度)' })
  async severity(@Root() { rule }: Finding, @Ctx() { quality }: MeteringContext): Promise<string> {
    return (await quality.rule.load(rule))!.severity;
  }
}
