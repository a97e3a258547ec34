import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Instant } from '../../../runtime/scalars.js';

/** One step of an application: who, when, in which office, with which opinion. Never changed. */
@Guarded('applications:read')
@ObjectType({ description: 'Step of an application (办理记录)' })
@Entity({ schema: 'tenants', tableName: 'application_event' })
export class ApplicationEvent {
  /** `<application>#<number>` */
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  application!: string;

  @Field(() => Int, { description: 'Number, from 1 (序号)' })
  @Property({ type: 'integer' })
  number!: number;

  @Field(() => String, { description: 'What was done (办理事项)' })
  @Property({ type: 'text' })
  act!: string;

  @Field(() => String, { description: 'In which office: the action of applications (办理角色)' })
  @Property({ type: 'text' })
  office!: string;

  @Field(() => ID, { description: 'Who did it (办理单位)' })
  @Property({ type: 'text' })
  actor!: string;

  @Field(() => String, { description: 'State before (原状态)' })
  @Property({ type: 'text' })
  fromState!: string;

  @Field(() => String, { description: 'State after (新状态)' })
  @Property({ type: 'text' })
  toState!: string;

  @Field(() => Int, { description: 'Version of the form that it is about (版本号)' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'Opinion or reason (审核意见)' })
  @Property({ type: 'text', nullable: true })
  opinion!: string | null;

  @Field(() => String, { nullable: true, description: 'Requirement that was waived (豁免的要求)' })
  @Property({ type: 'text', nullable: true })
  requirement!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the letter or signed opinion (函件或签字意见哈希)',
  })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => Instant, { description: 'When (办理时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  at!: string;
}

/** A certificate that an approval issued, for the applicant to fetch: it holds no secret. */
@Guarded('applications:read')
@ObjectType({ description: 'Certificate that was issued upon an application (签发的证书)' })
@Entity({ schema: 'tenants', tableName: 'application_certificate' })
export class ApplicationCertificate {
  @Field(() => ID, { description: 'SHA-256 of the certificate, hexadecimal (证书指纹)' })
  @PrimaryKey({ type: 'text' })
  fingerprint!: string;

  @Property({ type: 'text' })
  application!: string;

  @Field(() => String, { description: 'TEST or FORMAL (阶段)' })
  @Property({ type: 'text' })
  stage!: string;

  @Field(() => String, { description: 'Certificate and issuing authority, PEM (证书)' })
  @Property({ type: 'text' })
  certificate!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  notAfter!: string;

  @Field(() => Instant, { description: 'When it was issued (签发时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  issuedAt!: string;
}

export const ApplicationEventConnection = connectionOf(
  ApplicationEvent,
  'ApplicationEvent',
  'applications:read',
);
