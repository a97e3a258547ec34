import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';
import { DECLARATION_STATES, type DeclarationState, type DeclarationStep } from './transitions.js';

/**
 * What a tenant says it needs data for, and what gives it the right (seed 000, article 12). Everybody sees its own,
 * without any scope: a newcomer has to declare before it may do anything else. Row-level security keeps the others'.
 */
@ForAnyCaller()
@ObjectType({ description: 'Declared purpose of a tenant (用途申报)' })
@Entity({ schema: 'tenants', tableName: 'purpose_declaration' })
export class PurposeDeclaration {
  @Field(() => ID, { description: 'Identifier, dec_… (申报编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => ID, { description: 'The tenant whose purpose it is (单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => String, { description: 'Purpose, of the closed list (用途)' })
  @Property({ type: 'text' })
  purpose!: string;

  @Field(() => String, {
    description:
      'Kind of legal basis: LAW, REGULATION, STATUTORY_DUTY, CONTRACT, CONSENT or OWN_DATA (法律依据类别)',
  })
  @Property({ type: 'text' })
  basis!: string;

  @Field(() => String, { description: 'The legal basis in words: title, number, article (法律依据)' })
  @Property({ type: 'text' })
  basisText!: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the document that shows it (依据文件哈希)',
  })
  @Property({ type: 'text', nullable: true })
  documentSha256!: string | null;

  @Field(() => Instant, { description: 'Valid from, once approved (生效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  validFrom!: string;

  @Field(() => Instant, { nullable: true, description: 'Valid to; null is open (失效时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  validTo!: string | null;

  @Field(() => ID, { description: 'The tenant that declared it: itself, or an operator for it (申报单位)' })
  @Property({ type: 'text' })
  declaredBy!: string;

  @Field(() => Instant, { description: 'When it was declared (申报时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  declaredAt!: string;

  @Field(() => String, { description: `${DECLARATION_STATES.join(', ')} (状态)` })
  @Property({ type: 'text', default: 'DECLARED' })
  status!: DeclarationState;
}

/** What was decided about a declaration; never changed. */
@ForAnyCaller()
@ObjectType({ description: 'Decision about a declared purpose (用途审批记录)' })
@Entity({ schema: 'tenants', tableName: 'purpose_event' })
export class PurposeEvent {
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string;

  @Property({ type: 'text' })
  declaration!: string;

  @Field(() => String, { description: 'APPROVED, REFUSED or ENDED (决定)' })
  @Property({ type: 'text' })
  kind!: DeclarationStep;

  @Field(() => ID, { description: 'The tenant that decided (决定单位)' })
  @Property({ type: 'text' })
  by!: string;

  @Field(() => Instant, { description: 'When (决定时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  at!: string;

  @Field(() => String, { nullable: true, description: 'Why it was refused or ended (理由)' })
  @Property({ type: 'text', nullable: true })
  reason!: string | null;
}

export const PurposeDeclarationConnection = connectionOf(
  PurposeDeclaration,
  'PurposeDeclaration',
  'any caller',
);
