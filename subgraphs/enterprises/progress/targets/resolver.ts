import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import type { EnterprisesContext } from '../../resolver.js';
import { AccessSetting, AccessSettingConnection, AccessTarget, AccessTargetConnection } from './entities.js';
import { AccessSettingInput, AccessTargetInput, AccessTargetsArguments } from './inputs.js';

@Resolver(() => AccessTarget)
export class AccessTargetResolver {
  @ForAnyCaller()
  @Query(() => AccessTargetConnection, {
    description: 'Targets of connecting key units, all versions (接入目标)',
  })
  accessTargets(
    @Args() args: AccessTargetsArguments,
    @Ctx() { targets }: EnterprisesContext,
  ): Promise<Page<AccessTarget>> {
    return targets.targets(args);
  }

  @ForAnyCaller()
  @Query(() => AccessSettingConnection, {
    description: 'Figures by which progress is measured, all versions (接入进度判定参数)',
  })
  accessSettings(
    @Args() args: AccessTargetsArguments,
    @Ctx() { targets }: EnterprisesContext,
  ): Promise<Page<AccessSetting>> {
    return targets.settings(args);
  }

  @Guarded('scopes:write')
  @Mutation(() => AccessTarget, {
    nullable: true,
    description: 'Gives an area a target, as its admin; earlier versions stay (设定接入目标)',
  })
  setAccessTarget(
    @Arg('target', () => AccessTargetInput) input: AccessTargetInput,
    @Ctx() { targets }: EnterprisesContext,
  ): Promise<AccessTarget> {
    return targets.setTarget(input);
  }

  @Guarded('scopes:write')
  @Mutation(() => AccessSetting, {
    nullable: true,
    description: 'Gives an area a figure, as its admin; earlier versions stay (设定判定参数)',
  })
  setAccessSetting(
    @Arg('setting', () => AccessSettingInput) input: AccessSettingInput,
    @Ctx() { targets }: EnterprisesContext,
  ): Promise<AccessSetting> {
    return targets.set(input);
  }
}
