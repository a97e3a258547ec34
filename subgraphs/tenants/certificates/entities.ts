import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** A client certificate by which a tenant is known; the private key never comes here. */
@Guarded('tenants:read')
@ObjectType({ description: 'Registered client certificate (客户端证书)' })
@Entity({ schema: 'tenants', tableName: 'certificate' })
export class Certificate {
  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  @PrimaryKey({ type: 'text' })
  fingerprint!: string;

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

  @Field(() => String, { description: 'ACTIVE or REVOKED (状态)' })
  @Property({ type: 'text', default: 'ACTIVE' })
  status!: string;

  @Field(() => Instant, { description: 'When it was registered (登记时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  registeredAt!: string;

  @Field(() => Instant, { nullable: true, description: 'When it was revoked (吊销时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  revokedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was revoked (吊销原因)' })
  @Property({ type: 'text', nullable: true })
  reason!: string | null;
}

export const CertificateConnection = connectionOf(Certificate, 'Certificate', 'tenants:read');
