import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import { withheldWhere } from '../../runtime/withheld.js';
import { DecisionArguments } from '../inputs.js';
import { categoryOfTable, unseen } from '../visible/seen.js';
import {
  BreakGlass,
  BreakGlassChange,
  BreakGlassColumn,
  BreakGlassConnection,
  BreakGlassEvent,
} from './entities.js';
import { BreakGlassArguments, BreakGlassInput } from './inputs.js';
import type { BreakGlassRepository } from './repository.js';

interface BreakGlassContext {
  breakGlass: BreakGlassRepository;
}

/** The row's key and values, to who may read it. */
const SEEN_ALONE = withheldWhere<BreakGlass>(({ target, before }) =>
  before ? undefined : unseen(categoryOfTable(target)),
);

@Resolver(() => BreakGlass)
export class BreakGlassResolver {
  @Guarded('corrections:read')
  @Query(() => BreakGlassConnection, {
    nullable: true,
    description: 'Requests to change a row by hand, latest first (应急数据修改申请列表)',
  })
  breakGlassRequests(
    @Args() args: BreakGlassArguments,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<Page<BreakGlass>> {
    return breakGlass.list(args);
  }

  @Guarded('corrections:read')
  @Query(() => BreakGlass, { nullable: true, description: 'One such request (应急数据修改申请)' })
  breakGlassRequest(
    @Arg('id', () => ID) id: string,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<BreakGlass | null> {
    return breakGlass.byId.load(id);
  }

  @Guarded('corrections:write', 'corrections:read')
  @Mutation(() => BreakGlass, {
    nullable: true,
    description: 'Asks to have a row changed by hand; two other tenants must approve (申请应急修改)',
  })
  requestBreakGlass(
    @Arg('request', () => BreakGlassInput) input: BreakGlassInput,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<BreakGlass> {
    return breakGlass.request(input);
  }

  @Guarded('corrections:approve', 'corrections:read')
  @Mutation(() => BreakGlass, {
    nullable: true,
    description: 'Approves a request; the second approval makes it ready for two hours (批准应急修改)',
  })
  approveBreakGlass(
    @Args() args: DecisionArguments,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<BreakGlass> {
    return breakGlass.approve(args);
  }

  @Guarded('corrections:approve', 'corrections:read')
  @Mutation(() => BreakGlass, { nullable: true, description: 'Rejects a request, saying why (驳回应急修改)' })
  rejectBreakGlass(
    @Args() args: DecisionArguments,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<BreakGlass> {
    return breakGlass.reject(args);
  }

  @Guarded('corrections:write', 'corrections:read')
  @Mutation(() => BreakGlass, {
    nullable: true,
    description: 'Takes back the caller’s own request (撤回应急修改)',
  })
  withdrawBreakGlass(
    @Args() args: DecisionArguments,
    @Ctx() { breakGlass }: BreakGlassContext,
  ): Promise<BreakGlass> {
    return breakGlass.withdraw(args);
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => [BreakGlassColumn], {
    nullable: true,
    description: 'Primary key of the row; null where it may not be read (主键)',
  })
  key(@Root() { key }: BreakGlass): BreakGlassColumn[] {
    return Object.entries(key ?? {}).map(([column, value]) => ({ column, value: text(value) }));
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => [BreakGlassChange], {
    nullable: true,
    description: 'Column by column; null where the row may not be read (修改项)',
  })
  changes(@Root() { before, changes }: BreakGlass): BreakGlassChange[] {
    return Object.entries(changes ?? {}).map(([column, value]) => ({
      column,
      before: text(before?.[column]),
      after: text(value),
    }));
  }

  @FieldResolver(() => [BreakGlassEvent], { description: 'What happened to it, in order (过程记录)' })
  events(@Root() { id }: BreakGlass, @Ctx() { breakGlass }: BreakGlassContext): Promise<BreakGlassEvent[]> {
    return breakGlass.eventsOf.load(id);
  }
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
