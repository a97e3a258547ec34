import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../runtime/about.js';
import type { CorrectedValues, CorrectionKind } from '../runtime/corrections.js';
import { Guarded } from '../runtime/guarded.js';
import { connectionOf } from '../runtime/lists.js';
import { Instant, LocalDate } from '../runtime/scalars.js';

/** Stub of the enterprises room's type. */
@Directive('@key(fields: "uscc")')
@Guarded('enterprises:read')
@ObjectType({ description: 'Energy-using unit (用能单位)' })
export class Enterprise {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;
}

/** Stub of the metering room's type. */
@Directive('@key(fields: "id")')
@Guarded('meters:read')
@ObjectType({ description: 'Energy meter (计量器具)' })
export class Meter {
  @Field(() => ID, { description: 'Identifier (计量器具编号)' })
  id!: string;
}

/**
 * One change of archived data: proposed by one tenant, decided by another, kept for ever (seed 000, article 13). A view:
 * the values are shown only to who may read the row that they are of.
 */
@Directive('@key(fields: "id")')
@Guarded('corrections:read')
@ObjectType({ description: 'Correction of archived data (数据更正)' })
@AboutSubject<Correction>('corrections', {
  values: ({ before, after }) => (before && after ? Math.max(1, readings(before) + readings(after)) : 0),
})
@Entity({ schema: 'corrections', tableName: 'visible_correction' })
export class Correction {
  @Field(() => ID, { description: 'Identifier, cor_… (更正编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, {
    description:
      'METER_DAY, ENERGY_AUDIT, METERING_REVIEW, INSPECTION, INSPECTION_DOCUMENT or INSPECTION_FINDING (更正对象类型)',
  })
  @Property({ type: 'text' })
  kind!: CorrectionKind;

  @Field(() => ID, { description: 'The record, or the meter of the day (更正对象)' })
  @Property({ type: 'text' })
  record!: string;

  @Field(() => LocalDate, { nullable: true, description: 'The meter’s day (日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  date!: string | null;

  @Field(() => String, { description: 'GB/T 2260 code of where it lies (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Published as `enterprise`. */
  @Property({ type: 'text' })
  subject!: string;

  /** Published as `changes` and the day's values; null, like `after`, to whoever may not read the row. */
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  before!: CorrectedValues | null;

  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  after!: CorrectedValues | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Version of the day that is to be corrected (更正前版本)',
  })
  @Property({ type: 'integer', nullable: true })
  version!: number | null;

  @Field(() => String, { description: 'Why (更正理由)' })
  @Property({ type: 'text' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the evidence (证明材料哈希)' })
  @Property({ type: 'text', nullable: true })
  evidenceSha256!: string | null;

  @Field(() => ID, { description: 'The tenant that proposed it (申请单位)' })
  @Property({ type: 'text', defaultRaw: 'runtime.caller()' })
  proposedBy!: string;

  @Field(() => Instant, { description: 'When it was proposed (申请时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  proposedAt!: string;

  @Field(() => Instant, { description: 'Until when it can be approved (有效期至)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  expiresAt!: string;

  @Field(() => String, {
    description: 'PROPOSED, APPROVED (and applied), REJECTED, WITHDRAWN or EXPIRED (状态)',
  })
  @Property({ type: 'text', default: 'PROPOSED' })
  state!: string;
}

/** What happened to a correction; kept as it was written. */
@Guarded('corrections:read')
@ObjectType({ description: 'Step of a correction (更正过程记录)' })
@Entity({ schema: 'corrections', tableName: 'event' })
export class CorrectionEvent {
  @PrimaryKey({ type: 'text' })
  correction!: string;

  @Field(() => Int, { description: 'From 1 (序号)' })
  @PrimaryKey({ type: 'smallint' })
  number!: number;

  @Field(() => String, { description: 'PROPOSED, APPROVED, REJECTED, WITHDRAWN or EXPIRED (步骤)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => ID, { description: 'The tenant that took it, or hub (办理单位)' })
  @Property({ type: 'text' })
  actor!: string;

  @Field(() => String, { nullable: true, description: 'What it said to it (意见)' })
  @Property({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => Int, { nullable: true, description: 'Version of the day that it made (更正后版本)' })
  @Property({ type: 'integer', nullable: true })
  version!: number | null;

  @Field(() => String, { description: 'The request, as the ledger names it (台账请求编号)' })
  @Property({ type: 'text' })
  request!: string;

  @Field(() => Instant, { description: 'When (时间)' })
  @Property({ type: 'text', columnType: 'timestamptz' })
  recordedAt!: string;
}

/** One field of a record: as it was and as it is to be. */
@Guarded('corrections:read')
@ObjectType({ description: 'A corrected field (更正项)' })
export class CorrectionChange {
  @Field(() => String, { description: 'Name of the field (字段)' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'As it was (更正前)' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'As it is to be (更正后)' })
  after!: string | null;
}

/** Of a day of values, before and after alike; of a record there are none. */
function readings({ values }: CorrectedValues): number {
  return Array.isArray(values) ? values.filter((value) => value !== null).length : 0;
}

export const CorrectionConnection = connectionOf(Correction, 'Correction', 'corrections:read');
