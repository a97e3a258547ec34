import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { PageArguments, type Page } from '../../runtime/lists.js';
import { Tenant } from '../entities.js';
import type { TenantsContext } from '../resolver.js';
import { Certificate, CertificateConnection } from './entities.js';
import { CertificateInput } from './inputs.js';

@Resolver(() => Tenant)
export class CertificateResolver {
  @Guarded('tenants:write')
  @Mutation(() => [Certificate], { nullable: true, description: 'Binds certificates to tenants (证书登记)' })
  registerCertificates(
    @Arg('certificates', () => [CertificateInput]) inputs: CertificateInput[],
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate[]> {
    return certificates.registerCertificates(inputs);
  }

  @Guarded('tenants:write')
  @Mutation(() => Certificate, {
    nullable: true,
    description: 'Revokes a certificate; works within a second (证书吊销)',
  })
  revokeCertificate(
    @Arg('fingerprint', () => ID) fingerprint: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Certificate> {
    return certificates.revokeCertificate(fingerprint, reason);
  }

  @FieldResolver(() => CertificateConnection, { description: 'Its certificates (证书)' })
  certificates(
    @Root() { id }: Tenant,
    @Args() request: PageArguments,
    @Ctx() { certificates }: TenantsContext,
  ): Promise<Page<Certificate>> {
    return certificates.of.load(id, request);
  }
}
