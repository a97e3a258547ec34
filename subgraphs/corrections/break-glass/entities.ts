import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import type { CorrectedValues } from '../../runtime/corrections.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

/** The special case of seed 000, article 13: a row changed by hand, confirmed by two before, recorded for ever. A view, likewise. */
@Directive('@key(fields: "id")')
@Guarded('corrections:read')
@ObjectType({ description: 'Request to change a row by hand (应急数据修改申请)' })
@AboutSubject<BreakGlass>('corrections', { area: 'rowArea', values: ({ before }) => (before ? 1 : 0) })
@Entity({ schema: 'corrections', tableName: 'visible_break_glass' })
export class BreakGlass {
  @Field(() => ID, { description: 'Identifier, brk_… (申请编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'Schema and table (数据表)' })
  @Property({ type: 'text' })
  target!: string;

  /** Published column by column; null, like `changes` and `before`, to whoever may not read the row. */
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  key!: CorrectedValues | null;

  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  changes!: CorrectedValues | null;

  /** The columns to be changed, as they were found when it was asked for; kept by the database. */
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  before!: CorrectedValues | null;

  /** Whose the row is, if it is anybody's, and where it lies: what was shown to whom is recorded by it. */
  @Property({ type: 'text', nullable: true })
  subject!: string | null;

  @Property({ type: 'text' })
  rowArea!: string;

  @Field(() => String, { description: 'GB/T 2260 code in which the row must lie (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => String, { description: 'Why (理由)' })
  @Property({ type: 'text' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the evidence (证明材料哈希)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => ID, { description: 'The tenant that asked (申请单位)' })
  @Property({ type: 'text', defaultRaw: 'runtime.caller()' })
  requestedBy!: string;

  @Field(() => Instant, { description: 'When it asked (申请时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  requestedAt!: string;

  @Field(() => Instant, {
    description: 'Until when it can be approved; once READY, until when it can be applied (有效期至)',
  })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  expiresAt!: string;

  @Field(() => String, {
    description: 'REQUESTED, APPROVED_ONCE, READY, APPLIED, REJECTED, WITHDRAWN or EXPIRED (状态)',
  })
  @Property({ type: 'text', default: 'REQUESTED' })
  state!: string;
}

@Guarded('corrections:read')
@ObjectType({ description: 'Step of a request to change a row by hand (应急数据修改过程记录)' })
@Entity({ schema: 'corrections', tableName: 'break_glass_event' })
export class BreakGlassEvent {
  @PrimaryKey({ type: 'text' })
  breakGlass!: string;

  @Field(() => Int, { description: 'From 1 (序号)' })
  @PrimaryKey({ type: 'smallint' })
  number!: number;

  @Field(() => String, { description: 'REQUESTED, APPROVED, REJECTED, WITHDRAWN, EXPIRED or APPLIED (步骤)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => ID, { description: 'The tenant that took it; hub, or console at the machine (办理单位)' })
  @Property({ type: 'text' })
  actor!: string;

  @Field(() => String, { nullable: true, description: 'What it said to it (意见)' })
  @Property({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The request, as the ledger names it; null at the machine (台账请求编号)',
  })
  @Property({ type: 'text', nullable: true })
  request!: string | null;

  @Field(() => Instant, { description: 'When (时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  recordedAt!: string;
}

@Guarded('corrections:read')
@ObjectType({ description: 'A column of the row (列)' })
export class BreakGlassColumn {
  @Field(() => String, { description: 'Name of the column (列名)' })
  column!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text (数值)' })
  value!: string | null;
}

@Guarded('corrections:read')
@ObjectType({ description: 'A column that is changed (修改项)' })
export class BreakGlassChange {
  @Field(() => String, { description: 'Name of the column (列名)' })
  column!: string;

  @Field(() => String, {
    nullable: true,
    description: 'As it was when it was asked for; applied only if it still is (修改前)',
  })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'As it is to be (修改后)' })
  after!: string | null;
}

export const BreakGlassConnection = connectionOf(BreakGlass, 'BreakGlass', 'corrections:read');
