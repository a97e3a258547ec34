import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { TenantInput } from '../inputs.js';
import { CertificateFields } from './certificate-fields.js';
import {
  ContactFields,
  FormFields,
  PaperFields,
  PlacelessScopeFields,
  PurposeFields,
  ScopeFields,
} from './fields.js';
import { AcceptanceFields, KindOfEnergyFields, UnitFields, YearOfEnergyFields } from './unit-fields.js';

@InputType({ description: 'Somebody to ask (联系人)' })
export class ApplicationContactInput extends ContactFields {}

@InputType({ description: 'A paper that goes with an application (申请材料)' })
export class ApplicationPaperInput extends PaperFields {}

@InputType({ description: 'A purpose that is applied for, with its legal basis (申请用途)' })
export class ApplicationPurposeInput extends PurposeFields {}

@InputType({ description: 'A scope that is applied for (申请授权范围)' })
export class ApplicationScopeInput extends ScopeFields {}

@InputType({ description: 'An application for a certificate, annex 7 (数字证书申请)' })
export class CertificateApplicationInput extends CertificateFields {}

@InputType({ description: 'What a unit used in a year (年度综合能源消费量)' })
export class YearOfEnergyInput extends YearOfEnergyFields {}

@InputType({ description: 'What a unit used of an energy kind (分品种能源消费量)' })
export class KindOfEnergyInput extends KindOfEnergyFields {}

@InputType({ description: 'What the acceptance of a unit found of one thing (验收情况)' })
export class AcceptanceInput extends AcceptanceFields {}

@InputType({ description: 'A unit of the list (用能单位名单条目)' })
export class ListedUnitInput extends UnitFields {
  @Field(() => [YearOfEnergyInput], { description: 'The last three years (近三年综合能源消费量)' })
  energy!: YearOfEnergyInput[];

  @Field(() => [KindOfEnergyInput], {
    nullable: true,
    description: 'Consumption of its main energy kinds, annex 6 (主要用能品种能源消费量)',
  })
  consumption?: KindOfEnergyInput[] | null;

  @Field(() => [AcceptanceInput], { nullable: true, description: 'Its acceptance, annex 6 (验收情况)' })
  acceptance?: AcceptanceInput[] | null;
}

/** What the forms of one application and of a batch have in common. */
@InputType()
abstract class CommonFormInput extends FormFields {
  @Field(() => ApplicationContactInput, { description: 'Applicant (申请人)' })
  applicant!: ApplicationContactInput;

  @Field(() => ApplicationContactInput, { description: 'Contact of the technical unit (技术单位联系人)' })
  technicalContact!: ApplicationContactInput;

  @Field(() => [ApplicationPurposeInput], { description: 'Purposes (用途)' })
  purposes!: ApplicationPurposeInput[];

  @Field(() => [ApplicationPaperInput], { description: 'Papers, by their hashes (附件材料)' })
  papers!: ApplicationPaperInput[];
}

@InputType({ description: 'The form of annexes 3 to 7 (对接业务申请表)' })
export class ApplicationFormInput extends CommonFormInput {
  @Field(() => [ApplicationScopeInput], { description: 'Scopes (授权范围)' })
  scopes!: ApplicationScopeInput[];

  @Field(() => [CertificateApplicationInput], {
    description: 'Certificates: one for TEST, later one for FORMAL (数字证书申请)',
  })
  certificates!: CertificateApplicationInput[];

  @Field(() => [ListedUnitInput], { description: 'List of units, at most 2000 (用能单位名单)' })
  units!: ListedUnitInput[];
}

@InputType({ description: 'An application to be connected (接入申请)' })
export class ApplicationInput {
  @Field(() => String, { description: 'PLATFORM or ENTERPRISE (对接类型)' })
  kind!: string;

  @Field(() => TenantInput, { description: 'Who is to be connected (拟接入单位)' })
  tenant!: TenantInput;

  @Field(() => ApplicationFormInput, { description: 'The form (申请表)' })
  form!: ApplicationFormInput;
}

@InputType({ description: 'A scope that each enterprise of a batch gets in its own area (批次授权范围)' })
export class BatchScopeInput extends PlacelessScopeFields {}

@InputType({ description: 'The form of annexes 5 and 6, once for all enterprises of a batch (批次申请表)' })
export class BatchFormInput extends CommonFormInput {
  @Field(() => [BatchScopeInput], { description: 'Scopes, each in the enterprise’s own area (授权范围)' })
  scopes!: BatchScopeInput[];
}

@InputType({ description: 'An enterprise of a batch (批次用能单位)' })
export class BatchedEnterpriseInput {
  @Field(() => TenantInput, { description: 'Who is to be connected (拟接入单位)' })
  tenant!: TenantInput;

  @Field(() => ListedUnitInput, { description: 'Its entry in the list (用能单位名单条目)' })
  unit!: ListedUnitInput;

  @Field(() => [CertificateApplicationInput], {
    description: 'Certificates: one for TEST, later one for FORMAL (数字证书申请)',
  })
  certificates!: CertificateApplicationInput[];
}

@InputType({ description: 'Enterprises that are applied for together (分批次接入申请)' })
export class ApplicationBatchInput {
  @Field(() => BatchFormInput, { description: 'What is said once for all (共同申请表)' })
  form!: BatchFormInput;

  @Field(() => [BatchedEnterpriseInput], { description: 'The enterprises, at most 200 (用能单位)' })
  enterprises!: BatchedEnterpriseInput[];
}

@ArgsType()
export class ApplicationUnitsArguments extends PageArguments {
  @Field(() => ID, { description: 'The application (申请编号)' })
  application!: string;

  @Field(() => Int, { description: 'Version of its form (版本号)' })
  version!: number;
}

@ArgsType()
export class ApplicationsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'State (状态)' })
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'PLATFORM or ENTERPRISE (对接类型)' })
  kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Who is to be connected (拟接入单位)' })
  tenant?: string | null;

  @Field(() => ID, { nullable: true, description: 'The batch it was handed in with (批次编号)' })
  batch?: string | null;
}

@ArgsType()
export class StepArguments {
  @Field(() => ID, { description: 'The application (申请编号)' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Opinion or reason (审核意见)' })
  opinion?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the letter or the signed opinion (函件或签字意见哈希)',
  })
  evidenceSha256?: string | null;
}

@ArgsType()
export class ActArguments extends StepArguments {
  @Field(() => String, { description: 'What is done; the README draws what follows what (办理事项)' })
  act!: string;
}

@ArgsType()
export class WaiverArguments extends StepArguments {
  @Field(() => String, { description: 'TEST_TRANSMISSION or one of the test reports (豁免的要求)' })
  requirement!: string;
}
