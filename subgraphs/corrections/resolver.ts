import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import type { Page } from '../runtime/lists.js';
import { Series } from '../runtime/scalars.js';
import { withheldWhere } from '../runtime/withheld.js';
import type { BreakGlassRepository } from './break-glass/repository.js';
import {
  Correction,
  CorrectionChange,
  CorrectionConnection,
  CorrectionEvent,
  Enterprise,
  Meter,
} from './entities.js';
import { CorrectionInput, CorrectionsArguments, DecisionArguments } from './inputs.js';
import type { CorrectionRepository } from './repository.js';
import { categoryOfKind, unseen } from './visible/seen.js';

export interface CorrectionsContext {
  corrections: CorrectionRepository;
  breakGlass: BreakGlassRepository;
}

/** The values of a row, to who may read it. */
const SEEN_ALONE = withheldWhere<Correction>(({ kind, before }) =>
  before ? undefined : unseen(categoryOfKind(kind)),
);

@Resolver(() => Correction)
export class CorrectionResolver {
  @Guarded('corrections:read')
  @Query(() => CorrectionConnection, {
    nullable: true,
    description: 'Corrections in reach, latest first (数据更正列表)',
  })
  corrections(
    @Args() args: CorrectionsArguments,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Page<Correction>> {
    return corrections.list(args);
  }

  @Guarded('corrections:read')
  @Query(() => Correction, { nullable: true, description: 'One correction (数据更正)' })
  correction(
    @Arg('id', () => ID) id: string,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Correction | null> {
    return corrections.byId.load(id);
  }

  @Guarded('corrections:write', 'corrections:read')
  @Mutation(() => Correction, {
    nullable: true,
    description: 'Proposes a correction; nothing changes until another tenant approves it (申请更正)',
  })
  proposeCorrection(
    @Arg('correction', () => CorrectionInput) input: CorrectionInput,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Correction> {
    return corrections.propose(input);
  }

  @Guarded('corrections:approve', 'corrections:read')
  @Mutation(() => Correction, {
    nullable: true,
    description: 'Approves a correction as the supervising organ, and applies it (批准更正)',
  })
  approveCorrection(
    @Args() args: DecisionArguments,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Correction> {
    return corrections.approve(args);
  }

  @Guarded('corrections:approve', 'corrections:read')
  @Mutation(() => Correction, { nullable: true, description: 'Rejects a correction, saying why (驳回更正)' })
  rejectCorrection(
    @Args() args: DecisionArguments,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Correction> {
    return corrections.reject(args);
  }

  @Guarded('corrections:write', 'corrections:read')
  @Mutation(() => Correction, {
    nullable: true,
    description: 'Takes back the caller’s own proposal (撤回更正)',
  })
  withdrawCorrection(
    @Args() args: DecisionArguments,
    @Ctx() { corrections }: CorrectionsContext,
  ): Promise<Correction> {
    return corrections.withdraw(args);
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => [CorrectionChange], {
    nullable: true,
    description: 'Field by field, for a record; empty for a day; null where the row may not be read (更正项)',
  })
  changes(@Root() { kind, before, after }: Correction): CorrectionChange[] {
    if (kind === 'METER_DAY') return [];
    const text = (value: unknown): string | null => (value as string | null | undefined) ?? null;
    return Object.keys(after ?? {}).map((field) => ({
      field,
      before: text(before?.[field]),
      after: text(after?.[field]),
    }));
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Minutes between values as they were (更正前间隔, 分钟)',
  })
  intervalBefore(@Root() { before }: Correction): number | null {
    return (before?.['interval'] as number | undefined) ?? null;
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Minutes between values as they are to be (更正后间隔, 分钟)',
  })
  intervalAfter(@Root() { after }: Correction): number | null {
    return (after?.['interval'] as number | undefined) ?? null;
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => Series, { nullable: true, description: 'The day as it was (更正前数值)' })
  valuesBefore(@Root() { before }: Correction): (string | null)[] | null {
    return (before?.['values'] as (string | null)[] | undefined) ?? null;
  }

  @UseMiddleware(SEEN_ALONE)
  @FieldResolver(() => Series, { nullable: true, description: 'The day as it is to be (更正后数值)' })
  valuesAfter(@Root() { after }: Correction): (string | null)[] | null {
    return (after?.['values'] as (string | null)[] | undefined) ?? null;
  }

  @FieldResolver(() => [CorrectionEvent], { description: 'What happened to it, in order (过程记录)' })
  events(@Root() { id }: Correction, @Ctx() { corrections }: CorrectionsContext): Promise<CorrectionEvent[]> {
    return corrections.eventsOf.load(id);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Whom it is about (数据主体)' })
  enterprise(@Root() { subject }: Correction): Enterprise {
    return { uscc: subject };
  }

  @FieldResolver(() => Meter, { nullable: true, description: 'The meter of the day (计量器具)' })
  meter(@Root() { kind, record }: Correction): Meter | null {
    return kind === 'METER_DAY' ? { id: record } : null;
  }
}
