import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../../runtime/costs.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Enterprise } from '../entities.js';
import type { EnterprisesContext } from '../resolver.js';
import {
  AccessUnit,
  AccessUnitConnection,
  KeyUnitClass,
  KeyUnitClassConnection,
  MEASURED,
} from './entities.js';
import { type AccessFigures, AccessFiguresConnection } from './figures/entities.js';
import { AccessProgressArguments, AccessUnitsArguments } from './inputs.js';

@Resolver(() => AccessUnit)
export class AccessUnitResolver {
  @ForAnyCaller()
  @Query(() => KeyUnitClassConnection, {
    description: 'Classes of key units with their thresholds (重点用能单位类别)',
  })
  keyUnitClasses(
    @Args() request: PageArguments,
    @Ctx() { progress }: EnterprisesContext,
  ): Promise<Page<KeyUnitClass>> {
    return progress.classes(request);
  }

  @Guarded(...MEASURED)
  @Costs(100)
  @Query(() => AccessUnitConnection, {
    nullable: true,
    description: 'Key units to connect and how far each has come (重点用能单位接入进度)',
  })
  accessUnits(
    @Args() args: AccessUnitsArguments,
    @Ctx() { progress }: EnterprisesContext,
  ): Promise<Page<AccessUnit>> {
    return progress.list(args);
  }

  @Guarded(...MEASURED)
  @Costs(100)
  @Query(() => AccessFiguresConnection, {
    nullable: true,
    description: 'How far key units have come, by district and class (分区分类接入进度)',
  })
  accessProgress(
    @Args() args: AccessProgressArguments,
    @Ctx() { progress }: EnterprisesContext,
  ): Promise<Page<AccessFigures>> {
    return progress.figures(args);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'The unit (用能单位)' })
  enterprise(
    @Root() { uscc }: AccessUnit,
    @Ctx() { enterprises }: EnterprisesContext,
  ): Promise<Enterprise | null> {
    return enterprises.byUscc.load(uscc);
  }
}
