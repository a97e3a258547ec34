import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { daysLeft } from '../../../gateway/policy/certificates.js';
import { certificateState } from '../../../gateway/policy/standing.js';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Me } from '../access/entities.js';
import { Tenant } from '../entities.js';
import { CertificateNotice } from '../notices/entities.js';
import type { TenantsContext } from '../resolver.js';
import { Certificate, CertificateConnection, IssuedCertificate } from './entities.js';
import { CertificateInput, ExpiringArguments, IssueArguments, RenewArguments } from './inputs.js';

const REASON = 'UNSPECIFIED, KEY_COMPROMISE, AFFILIATION_CHANGED, SUPERSEDED, CESSATION_OF_OPERATION or PRIVILEGE_WITHDRAWN (RFC 5280, 吊销原因)'; // prettier-ignore

/** What admins of an area do about certificates, and what each tenant does about its own. */
@Resolver(() => Certificate)
export class CertificateResolver {
  @Guarded('tenants:read')
  @Query(() => CertificateConnection, {
    nullable: true,
    description: 'Live certificates in reach that end soon, the next first (即将到期证书)',
  })
  expiringCertificates(
    @Args() args: ExpiringArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Page<Certificate>> {
    return certificates.expiring(args);
  }

  @Guarded('tenants:write')
  @Mutation(() => [Certificate], { nullable: true, description: 'Binds certificates to tenants (证书登记)' })
  registerCertificates(
    @Arg('certificates', () => [CertificateInput]) inputs: CertificateInput[],
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate[]> {
    return certificates.registerCertificates(inputs);
  }

  @Guarded('tenants:write')
  @Mutation(() => IssuedCertificate, {
    nullable: true,
    description: 'Certifies a tenant’s own key, for as long as was approved (证书签发)',
  })
  issueCertificate(
    @Args() args: IssueArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<IssuedCertificate> {
    return certificates.issue(args);
  }

  @ForAnyCaller()
  @Mutation(() => IssuedCertificate, {
    nullable: true,
    description: 'Certifies a new key of the caller; the certificate that called stays good (证书换发)',
  })
  renewCertificate(
    @Args() args: RenewArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<IssuedCertificate> {
    return certificates.renew(args);
  }

  @ForAnyCaller()
  @Mutation(() => Certificate, {
    nullable: true,
    description: 'Gives up a certificate of the caller, for ever (证书停用)',
  })
  retireCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Arg('reason', () => String, { defaultValue: 'SUPERSEDED', description: REASON }) reason: string,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate> {
    return certificates.retire(fingerprint, reason);
  }

  @Guarded('tenants:write')
  @Mutation(() => Certificate, {
    nullable: true,
    description: 'Refuses a certificate until it is resumed; works within a second (证书暂停)',
  })
  suspendCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Arg('reason', () => String, { description: 'Why, in words (理由)' }) reason: string,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate> {
    return certificates.suspend(fingerprint, reason);
  }

  @Guarded('tenants:write')
  @Mutation(() => Certificate, { nullable: true, description: 'Ends a suspension (证书恢复)' })
  resumeCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate> {
    return certificates.resume(fingerprint);
  }

  @Guarded('tenants:write')
  @Mutation(() => Certificate, {
    nullable: true,
    description: 'Revokes a certificate for ever; works within a second (证书吊销)',
  })
  revokeCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Arg('reason', () => String, { description: REASON }) reason: string,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate> {
    return certificates.revokeCertificate(fingerprint, reason);
  }

  @FieldResolver(() => String, {
    description: 'ACTIVE, SUSPENDED, REVOKED, EXPIRED or NOT_YET_VALID: what it is now (当前状态)',
  })
  state(@Root() certificate: Certificate): string {
    return certificateState(certificate, new Date());
  }

  @FieldResolver(() => Int, { description: 'Whole days until its end; 0 on the last and after (剩余天数)' })
  daysLeft(@Root() { notAfter }: Certificate): number {
    return daysLeft(notAfter, new Date());
  }

  @FieldResolver(() => [CertificateNotice], {
    description: 'When its end was noticed: 90, 30, 14, 7 and 1 days before (到期提醒)',
  })
  notices(
    @Root() { fingerprint }: Certificate,
    @Ctx() { notices }: TenantsContext,
  ): Promise<CertificateNotice[]> {
    return notices.of.load(fingerprint);
  }
}

@Resolver(() => Tenant)
export class TenantCertificatesResolver {
  @FieldResolver(() => CertificateConnection, { description: 'Its certificates (证书)' })
  certificates(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Page<Certificate>> {
    return certificates.of.load(id, request);
  }
}

@Resolver(() => Me)
export class OwnCertificatesResolver {
  @FieldResolver(() => CertificateConnection, { description: 'The caller’s certificates (本单位证书)' })
  certificates(
    @Root() { tenant }: Me,
    @Args() request: PageArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Page<Certificate>> {
    return certificates.of.load(tenant, request);
  }
}
