import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../runtime/guarded.js';
import { PageArguments, type Page } from '../runtime/lists.js';
import {
  Enterprise,
  Inspection,
  InspectionConnection,
  type InspectionDocument,
  InspectionDocumentConnection,
  type InspectionFinding,
  InspectionFindingConnection,
} from './entities.js';
import { InspectionInput, InspectionsArguments } from './inputs.js';
import type { InspectionRepository } from './repository.js';

export interface InspectionsContext {
  inspections: InspectionRepository;
}

@Resolver(() => Inspection)
export class InspectionResolver {
  @Guarded('inspections:read')
  @Query(() => InspectionConnection, {
    nullable: true,
    description: 'Inspections in reach, latest first (监察任务列表)',
  })
  inspections(
    @Args() args: InspectionsArguments,
    @Ctx() { inspections }: InspectionsContext,
  ): Promise<Page<Inspection>> {
    return inspections.list(args);
  }

  @Guarded('inspections:write', 'enterprises:read')
  @Mutation(() => [Inspection], {
    nullable: true,
    description: 'Archives inspections, all or none (监察归档)',
  })
  archiveInspections(
    @Arg('inspections', () => [InspectionInput]) inputs: InspectionInput[],
    @Ctx() { inspections }: InspectionsContext,
  ): Promise<Inspection[]> {
    return inspections.archive(inputs);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'The enterprise inspected (被监察单位)' })
  enterprise(@Root() inspection: Inspection): Enterprise {
    return { uscc: inspection.subject };
  }

  @FieldResolver(() => InspectionDocumentConnection, { description: 'Its documents (监察文书)' })
  documents(
    @Root() { id }: Inspection,
    @Args() request: PageArguments,
    @Ctx() { inspections }: InspectionsContext,
  ): Promise<Page<InspectionDocument>> {
    return inspections.documents.load(id, request);
  }

  @FieldResolver(() => InspectionFindingConnection, { description: 'Its findings (监察发现的问题)' })
  findings(
    @Root() { id }: Inspection,
    @Args() request: PageArguments,
    @Ctx() { inspections }: InspectionsContext,
  ): Promise<Page<InspectionFinding>> {
    return inspections.findings.load(id, request);
  }
}

@Resolver(() => Enterprise)
export class EnterpriseResolver {
  @FieldResolver(() => InspectionConnection, {
    nullable: true,
    description: 'Its inspections, latest first (节能监察)',
  })
  inspections(
    @Root() { uscc }: Enterprise,
    @Args() request: PageArguments,
    @Ctx() { inspections }: InspectionsContext,
  ): Promise<Page<Inspection>> {
    return inspections.ofEnterprise.load(uscc, request);
  }
}
