import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** Until when a tenant may hold certificates. Nothing that is issued or renewed ends later than the latest of these. */
@Guarded('tenants:read')
@ObjectType({ description: 'Approved validity of a tenant’s certificates (证书有效期审批)' })
@Entity({ schema: 'tenants', tableName: 'certificate_approval' })
export class CertificateApproval {
  @Field(() => ID, { description: 'Identifier, apv_… (审批编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'The tenant (单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, {
    description:
      'APPLICATION, DECISION of an approver, or REGISTRATION of a certificate at the machine (审批依据)',
  })
  @Property({ type: 'text' })
  basis!: string;

  @Field(() => Int, {
    nullable: true,
    description: '12, 24, 36, 48 or 60 months from the approval; none by registration (批准有效期，月)',
  })
  @Property({ type: 'smallint', nullable: true })
  months!: number | null;

  @Field(() => Instant, { description: 'Until when (批准截止时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  approvedUntil!: string;

  @Field(() => String, { description: 'Why, in words (理由)' })
  @Property({ type: 'text' })
  reason!: string;

  @Field(() => ID, { nullable: true, description: 'The application that it follows (接入申请编号)' })
  @Property({ type: 'text', nullable: true })
  application!: string | null;

  @Field(() => ID, { description: 'The tenant that approved; never the one it is for (审批单位)' })
  @Property({ type: 'text' })
  approvedBy!: string;

  @Field(() => Instant, { description: 'When (审批时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  approvedAt!: string;
}

export const CertificateApprovalConnection = connectionOf(
  CertificateApproval,
  'CertificateApproval',
  'tenants:read',
);
