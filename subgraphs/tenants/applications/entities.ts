import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { AboutSubject } from '../../runtime/about.js';
import { Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';
import { ApplicationForm, KindOfEnergy, UnitAcceptance, YearOfEnergy } from './form.js';
import { UnitFields } from './unit-fields.js';

/** An application to be connected: first tested, then connected (seed 003, annexes 1 and 2). */
@Directive('@key(fields: "id")')
@AboutSubject('applications')
@Guarded('applications:read')
@ObjectType({ description: 'Application to be connected (接入申请)' })
@Entity({ schema: 'tenants', tableName: 'application' })
export class Application {
  @Field(() => ID, { description: 'Identifier, app_… (申请编号)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'PLATFORM (annexes 3, 4) or ENTERPRISE (annexes 5, 6) (对接类型)' })
  @Property({ type: 'text' })
  kind!: string;

  @Field(() => ID, { description: 'The competent authority that applies (申请单位)' })
  @Property({ type: 'text' })
  applicant!: string;

  @Field(() => ID, { description: 'Short name of who is to be connected (拟接入单位标识)' })
  @Property({ type: 'text' })
  tenant!: string;

  @Field(() => String, { description: 'Its name (单位名称)' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Its tier (层级)' })
  @Property({ type: 'text' })
  tier!: string;

  @Field(() => String, { description: 'Its area, GB/T 2260 (行政区划代码)' })
  @Property({ type: 'text' })
  area!: string;

  /** Its unified social credit code; decides that an enterprise sees the application that is about it. */
  @Field(() => ID, {
    name: 'uscc',
    nullable: true,
    description: 'Its unified social credit code (统一社会信用代码)',
  })
  @Property({ type: 'text', nullable: true })
  subject!: string | null;

  @Field(() => String, { description: 'State; the README draws them (状态)' })
  @Property({ type: 'text', default: 'DRAFT' })
  state!: string;

  /** Where it was suspended from. */
  @Property({ type: 'text', nullable: true })
  suspendedFrom!: string | null;

  @Field(() => Int, { description: 'Present version of the form (版本号)' })
  @Property({ type: 'integer', default: 1 })
  version!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The batch it was handed in with, apb_…; none where alone (批次编号)',
  })
  @Property({ type: 'text', nullable: true })
  batch!: string | null;

  @Field(() => Instant, { description: 'When it was made (申请时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  madeAt!: string;
}

/** One state of the form; a change makes the next, and the old one stays. */
@Guarded('applications:read')
@ObjectType({ description: 'Version of an application (申请版本)' })
@Entity({ schema: 'tenants', tableName: 'application_version' })
export class ApplicationVersion {
  /** `<application>#<number>` */
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  application!: string;

  @Field(() => Int, { description: 'Number, from 1 (版本号)' })
  @Property({ type: 'integer' })
  number!: number;

  @Field(() => ApplicationForm, { description: 'The form (申请表)' })
  @Property({ type: 'json', columnType: 'jsonb' })
  form!: ApplicationForm;

  @Field(() => String, { description: 'SHA-256 of form and list, as JSON with sorted keys (内容哈希)' })
  @Property({ type: 'text' })
  sha256!: string;

  @Field(() => Instant, { description: 'When it was made (提交时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', defaultRaw: 'now()' })
  madeAt!: string;
}

/** A unit of the list that goes with a version (annexes 3 to 6). */
@AboutSubject('applications', { subject: 'uscc', area: 'place' })
@Guarded('applications:read')
@ObjectType({ description: 'Unit of the list (用能单位名单条目)' })
@Entity({ schema: 'tenants', tableName: 'application_unit' })
export class ListedUnit extends UnitFields {
  /** `<application>#<number>#<place>` */
  @PrimaryKey({ type: 'text' })
  id!: string;

  /** `<application>#<number>` */
  @Property({ type: 'text' })
  version!: string;

  @Property({ type: 'text' })
  declare uscc: string;

  @Property({ type: 'text' })
  declare name: string;

  @Property({ type: 'text' })
  declare industry: string;

  @Property({ type: 'text' })
  declare place: string;

  @Property({ type: 'text' })
  declare nature: string;

  @Property({ type: 'array', columnType: 'text[]' })
  declare energyKinds: string[];

  @Field(() => [YearOfEnergy], { description: 'The last three years (近三年综合能源消费量)' })
  @Property({ type: 'json', columnType: 'jsonb' })
  energy!: YearOfEnergy[];

  @Field(() => [KindOfEnergy], {
    nullable: true,
    description: 'Consumption of its main energy kinds, annex 6 (主要用能品种能源消费量)',
  })
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  consumption!: KindOfEnergy[] | null;

  @Field(() => [UnitAcceptance], { nullable: true, description: 'Its acceptance, annex 6 (验收情况)' })
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  acceptance!: UnitAcceptance[] | null;
}

@Guarded('applications:read')
@ObjectType({ description: 'Difference between two versions (版本差异)' })
export class ApplicationChange {
  @Field(() => String, { nullable: true, description: 'The field of the form; none for a unit (表单字段)' })
  field!: string | null;

  @Field(() => ListedUnit, {
    nullable: true,
    description: 'The unit of the list as it is, or as it was where it is gone (用能单位)',
  })
  unit!: ListedUnit | null;

  @Field(() => String, { description: 'ADDED, REMOVED or CHANGED (变更类型)' })
  kind!: string;

  @Field(() => [String], { description: 'What of the unit differs (变更字段)' })
  fields!: string[];
}

export const ApplicationConnection = connectionOf(Application, 'Application', 'applications:read');
export const ListedUnitConnection = connectionOf(ListedUnit, 'ListedUnit', 'applications:read');
export const ApplicationVersionConnection = connectionOf(
  ApplicationVersion,
  'ApplicationVersion',
  'applications:read',
);
