import { Field, ID, InputType } from 'type-graphql';
import { Instant } from '../../runtime/scalars.js';

@InputType({ description: 'A certificate to register to a tenant (证书登记)' })
export class CertificateInput {
  @Field(() => ID, { description: 'The tenant (单位标识)' })
  tenant!: string;

  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  fingerprint!: string;

  @Field(() => String, { description: 'Serial number, hexadecimal (序列号)' })
  serial!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  notBefore!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  notAfter!: string;
}
