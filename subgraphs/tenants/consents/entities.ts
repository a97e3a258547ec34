import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Granularity } from '../../../gateway/policy/limits.js';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';
import { CONSENT_ACTORS, CONSENT_STATES, type ConsentActor, type ConsentState } from './transitions.js';

/** What a recipient may have of a subject, in a consent as in each event of it. */
@Guarded('consents:read')
@ObjectType('ConsentTermsBase', { description: 'Terms of a consent (同意条款)' })
abstract class TermsOfConsent {
  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String, { description: 'GB/T 2260 code of the subject (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => ID, { description: 'The tenant that may receive it (接收方)' })
  @Property({ type: 'text' })
  recipient!: string;

  @Field(() => [String], { description: 'Categories (数据类别)' })
  @Property({ type: 'array', columnType: 'text[]' })
  categories!: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds, two digits; null is all (能源种类)',
  })
  @Property({ type: 'array', columnType: 'text[]', nullable: true })
  energyKinds!: string[] | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'Meter levels of GB 17167, 1 to 3; null is all (计量级别)',
  })
  @Property({ type: 'array', columnType: 'smallint[]', nullable: true })
  meterLevels!: number[] | null;

  @Field(() => String, {
    description: 'Finest granularity of readings: AS_METERED, HOUR, DAY or MONTH (最细数据粒度)',
  })
  @Property({ type: 'text', default: 'AS_METERED' })
  finest!: Granularity;

  @Field(() => String, { description: 'The one purpose (用途)' })
  @Property({ type: 'text' })
  purpose!: string;

  @Field(() => Instant, { description: 'Valid from (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  validFrom!: string;

  @Field(() => Instant, { description: 'Valid to (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  validTo!: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'By when what was received is erased, where that was agreed (约定删除期限)',
  })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  eraseBy!: string | null;
}

/** A subject allows one recipient some categories for one purpose for a period (seed 003, part 3). */
@Guarded('consents:read')
@ObjectType({ description: 'Consent of a data subject: what its events come to (数据共享同意)' })
@AboutSubject('consents')
@Entity({ schema: 'tenants', tableName: 'consent' })
export class Consent extends TermsOfConsent {
  @Field(() => ID, { description: 'Identifier, con_… (同意编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: `${CONSENT_STATES.join(', ')} (状态)` })
  @Property({ type: 'text', default: 'GRANTED' })
  status!: ConsentState;

  @Field(() => Instant, { nullable: true, description: 'When the recipient asked for it (申请时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  requestedAt!: string | null;

  @Field(() => Instant, { nullable: true, description: 'Until when the request waits (答复期限)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  answerBy!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The tenant that recorded it: the subject itself, or the operator from paper (记录单位)',
  })
  @Property({ type: 'text', nullable: true })
  grantedBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was granted (同意时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  grantedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the paper’s scan (纸质同意书哈希)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it ended, or the request did (终止时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  endedAt!: string | null;
}

/** One thing that happened to a consent; written once and kept. */
@Guarded('consents:read')
@ObjectType({ description: 'What happened to a consent, with its terms from then on (同意事件)' })
@AboutSubject('consents')
@Entity({ schema: 'tenants', tableName: 'consent_event' })
export class ConsentEvent extends TermsOfConsent {
  @Property({ type: 'text', primary: true })
  consent!: string;

  @Field(() => Int, { description: 'Its place, from 1 (序号)' })
  @Property({ type: 'integer', primary: true })
  number!: number;

  @Field(() => String, { description: 'What the consent was before; NONE at the first (原状态)' })
  @Property({ type: 'text' })
  fromStatus!: string;

  @Field(() => String, { description: 'What it has been since (新状态)' })
  @Property({ type: 'text' })
  status!: ConsentState;

  @Field(() => String, { description: `On whose behalf: ${CONSENT_ACTORS.join(', ')} (行为方)` })
  @Property({ type: 'text' })
  actor!: ConsentActor;

  @Field(() => ID, { description: 'The tenant that did it; hub where time did (操作单位)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => Instant, { description: 'When (时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  at!: string;

  @Field(() => String, { nullable: true, description: 'Why, in words (原因)' })
  @Property({ type: 'text', nullable: true })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the paper’s scan (纸质文件哈希)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;
}

export const ConsentConnection = connectionOf(Consent, 'Consent', 'consents:read');
