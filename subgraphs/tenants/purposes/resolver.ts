import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import type { Page } from '../../runtime/lists.js';
import type { TenantsContext } from '../resolver.js';
import { PurposeDeclaration, PurposeDeclarationConnection, PurposeEvent } from './entities.js';
import { PurposeDeclarationInput, PurposeDeclarationsArguments } from './inputs.js';

@Resolver(() => PurposeDeclaration)
export class PurposeResolver {
  @ForAnyCaller()
  @Query(() => PurposeDeclarationConnection, {
    description: 'Declared purposes: the caller’s own, with purposes:read those in reach (用途申报列表)',
  })
  purposeDeclarations(
    @Args() args: PurposeDeclarationsArguments,
    @Ctx() { purposes }: TenantsContext,
  ): Promise<Page<PurposeDeclaration>> {
    return purposes.list(args);
  }

  @ForAnyCaller()
  @Query(() => PurposeDeclaration, {
    nullable: true,
    description: 'One declared purpose; null when none is in reach (用途申报)',
  })
  purposeDeclaration(
    @Arg('id', () => ID) id: string,
    @Ctx() { purposes }: TenantsContext,
  ): Promise<PurposeDeclaration | null> {
    return purposes.byId.load(id);
  }

  @ForAnyCaller()
  @Mutation(() => [PurposeDeclaration], {
    nullable: true,
    description: 'Declares purposes with their legal basis, all or none (申报用途)',
  })
  declarePurposes(
    @Arg('declarations', () => [PurposeDeclarationInput]) inputs: PurposeDeclarationInput[],
    @Ctx() { purposes }: TenantsContext,
  ): Promise<PurposeDeclaration[]> {
    return purposes.declare(inputs);
  }

  @Guarded('purposes:approve')
  @Mutation(() => PurposeDeclaration, {
    nullable: true,
    description: 'Approves another tenant’s declaration; works within a second (批准用途)',
  })
  approvePurposeDeclaration(
    @Arg('id', () => ID) id: string,
    @Ctx() { purposes }: TenantsContext,
  ): Promise<PurposeDeclaration> {
    return purposes.approve(id);
  }

  @Guarded('purposes:approve')
  @Mutation(() => PurposeDeclaration, {
    nullable: true,
    description: 'Refuses another tenant’s declaration, with the reason (不予批准)',
  })
  refusePurposeDeclaration(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { purposes }: TenantsContext,
  ): Promise<PurposeDeclaration> {
    return purposes.refuse(id, reason);
  }

  @ForAnyCaller()
  @Mutation(() => PurposeDeclaration, {
    nullable: true,
    description:
      'Ends a declaration: the tenant itself, or who may approve; works within a second (终止用途)',
  })
  endPurposeDeclaration(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { purposes }: TenantsContext,
  ): Promise<PurposeDeclaration> {
    return purposes.end(id, reason);
  }

  @FieldResolver(() => [PurposeEvent], { description: 'What was decided about it, in order (审批记录)' })
  events(@Root() { id }: PurposeDeclaration, @Ctx() { purposes }: TenantsContext): Promise<PurposeEvent[]> {
    return purposes.events.load(id);
  }
}
