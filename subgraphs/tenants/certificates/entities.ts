import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/**
 * A client certificate by which a tenant is known; the private key never comes here. Any caller may see its own; the
 * fields that lead to others' ask for tenants:read.
 */
@ForAnyCaller()
@ObjectType({ description: 'Registered client certificate (客户端证书)' })
@Entity({ schema: 'tenants', tableName: 'certificate' })
export class Certificate {
  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  @PrimaryKey({ type: 'text' })
  fingerprint!: string;

  @Field(() => ID, { description: 'The tenant that it identifies (单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Serial number, hexadecimal (序列号)' })
  @Property({ type: 'text' })
  serial!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  notBefore!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  notAfter!: string;

  @Field(() => String, { description: 'ACTIVE, SUSPENDED or REVOKED (登记状态)' })
  @Property({ type: 'text', default: 'ACTIVE' })
  status!: string;

  @Field(() => Instant, { description: 'When it was registered (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;

  @Field(() => ID, { description: 'The tenant that registered it: its own where it was renewed (登记单位)' })
  @Property({ type: 'text' })
  registeredBy!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The certificate with which it was asked for: who held that one’s key made this one (换发自)',
  })
  @Property({ type: 'text', nullable: true })
  renewedFrom!: string | null;

  @Field(() => Instant, { nullable: true, description: 'Since when it is suspended (暂停时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  suspendedAt!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was revoked (吊销时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  revokedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was suspended, in words, or revoked, by RFC 5280 (暂停或吊销原因)',
  })
  @Property({ type: 'text', nullable: true })
  reason!: string | null;
}

/** A certificate with its PEM, which is told once: the hub keeps the fingerprint. */
@ForAnyCaller()
@ObjectType({ description: 'A certificate just issued (新签发证书)' })
export class IssuedCertificate {
  @Field(() => Certificate, { description: 'As registered (登记信息)' })
  certificate!: Certificate;

  @Field(() => String, { description: 'PEM: the certificate and the authority that issued it (证书链)' })
  pem!: string;
}

export const CertificateConnection = connectionOf(Certificate, 'Certificate', 'any caller');
