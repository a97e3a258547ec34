import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
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

@ArgsType()
export class ExpiringArguments extends PageArguments {
  @Field(() => Int, { defaultValue: 90, description: 'Within how many days, 0 to 3650 (剩余天数)' })
  days: number = 90;
}

@ArgsType()
export class RenewArguments {
  @Field(() => String, {
    description:
      'PKCS #10 request in PEM, signed by the new key, which stays where it was made (证书签名请求)',
  })
  csr!: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'Valid to; by default as long as was approved, and never longer (失效时间)',
  })
  notAfter?: string | null;
}

@ArgsType()
export class IssueArguments extends RenewArguments {
  @Field(() => ID, { description: 'The tenant (单位标识)' })
  tenant!: string;
}
