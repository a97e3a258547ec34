import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Costs } from '../runtime/costs.js';
import { Guarded } from '../runtime/guarded.js';
import type { Page } from '../runtime/lists.js';
import { Instant, LocalDate } from '../runtime/scalars.js';
import { Batch, BatchConnection, Package, PackageConnection, PackageReceipt, Tenant } from './entities.js';
import { AcknowledgementArguments, BatchesArguments, PackagesArguments } from './inputs.js';
import type { BatchRepository, PackageRepository } from './repository.js';

export interface ExchangeContext {
  batches: BatchRepository;
  packages: PackageRepository;
}

@Resolver(() => Batch)
export class BatchResolver {
  @Guarded('batches:read')
  @Query(() => BatchConnection, {
    nullable: true,
    description: 'Batches in reach, latest first (上传批次列表)',
  })
  batches(@Args() args: BatchesArguments, @Ctx() { batches }: ExchangeContext): Promise<Page<Batch>> {
    return batches.list(args);
  }

  @FieldResolver(() => Tenant, { nullable: true, description: 'Who uploaded it (上传单位)' })
  uploader(@Root() { tenant }: Batch): Tenant {
    return { id: tenant };
  }
}

@Resolver(() => Package)
export class PackageResolver {
  @Guarded('packages:read', 'readings:read')
  @Costs(100)
  @Query(() => Package, {
    nullable: true,
    description: 'The caller’s package of a day at its latest revision, built when needed (每日数据包)',
  })
  dailyPackage(
    @Arg('date', () => LocalDate) date: string,
    @Ctx() { packages }: ExchangeContext,
  ): Promise<Package | null> {
    return packages.daily(date);
  }

  @Guarded('packages:read')
  @Query(() => PackageConnection, {
    nullable: true,
    description: 'The caller’s packages, latest day first (数据包列表)',
  })
  packages(@Args() args: PackagesArguments, @Ctx() { packages }: ExchangeContext): Promise<Page<Package>> {
    return packages.list(args);
  }

  @Guarded('packages:write', 'packages:read')
  @Mutation(() => PackageReceipt, {
    nullable: true,
    description: 'Confirms that a package arrived whole, by the hashes the recipient computed (数据包确认)',
  })
  acknowledgePackage(
    @Args() args: AcknowledgementArguments,
    @Ctx() { packages }: ExchangeContext,
  ): Promise<PackageReceipt> {
    return packages.acknowledge(args);
  }

  @FieldResolver(() => String, { description: 'Where the manifest is (清单地址)' })
  manifestUrl(@Root() { id }: Package): string {
    return `/packages/${id}/manifest`;
  }

  @FieldResolver(() => Instant, {
    nullable: true,
    description: 'When the recipient acknowledged it (确认时间)',
  })
  async acknowledgedAt(
    @Root() { id }: Package,
    @Ctx() { packages }: ExchangeContext,
  ): Promise<string | null> {
    return (await packages.receiptOf.load(id))?.acknowledgedAt ?? null;
  }
}
