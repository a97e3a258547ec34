import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** What a recipient is told when a consent that was granted ends: erase what it gave you. */
@Guarded('erasures:read')
@ObjectType({ description: 'Notice of erasure to the recipient of an ended consent (删除通知)' })
@AboutSubject('consents')
@Entity({ schema: 'tenants', tableName: 'erasure_notice' })
export class ErasureNotice {
  @Field(() => ID, { description: 'Identifier, era_… (通知编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'The consent that ended (同意编号)' })
  @Property({ type: 'text' })
  consent!: string;

  @Field(() => ID, { description: 'Whose data: unified social credit code (数据主体)' })
  @Property({ type: 'text' })
  subject!: string;

  /** Decides who sees the row. */
  @Property({ type: 'text' })
  area!: string;

  @Field(() => ID, { description: 'Who has to erase it (接收方)' })
  @Property({ type: 'text' })
  recipient!: string;

  @Field(() => String, { description: 'How the consent ended (终止原因)' })
  @Property({ type: 'text' })
  cause!: string;

  @Field(() => Instant, { description: 'When the notice was given (通知时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  issuedAt!: string;

  @Field(() => Instant, { description: 'By when it is to be erased (删除期限)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  eraseBy!: string;

  @Field(() => String, { description: 'The notice as signed, JSON (通知原文)' })
  @Property({ type: 'text' })
  notice!: string;

  @Field(() => String, { description: 'The hub’s signature over it, detached JWS (签名)' })
  @Property({ type: 'text' })
  signature!: string;

  @Field(() => String, { description: 'OPEN or ACKNOWLEDGED (状态)' })
  @Property({ type: 'text', default: 'OPEN' })
  state!: string;
}

/** The recipient's word that it has erased what it was told to. */
@Guarded('erasures:read')
@ObjectType({ description: 'Acknowledged erasure (删除确认)' })
@AboutSubject('consents')
@Entity({ schema: 'tenants', tableName: 'erasure_acknowledgement' })
export class ErasureAcknowledgement {
  @Field(() => ID, { description: 'The notice (通知编号)' })
  @PrimaryKey({ type: 'text' })
  notice!: string;

  @Property({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;

  @Field(() => Instant, { description: 'When the recipient said so (确认时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  acknowledgedAt!: string;

  @Field(() => Instant, { description: 'When it was erased, as the recipient says (删除时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  erasedAt!: string;

  @Field(() => String, { description: 'How, as the recipient says (删除方式)' })
  @Property({ type: 'text' })
  method!: string;

  @Field(() => String, { description: 'The receipt as signed, JSON (回执原文)' })
  @Property({ type: 'text' })
  receipt!: string;

  @Field(() => String, { description: 'The hub’s signature over it, detached JWS (签名)' })
  @Property({ type: 'text' })
  signature!: string;
}

export const ErasureNoticeConnection = connectionOf(ErasureNotice, 'ErasureNotice', 'erasures:read');
