import { Field, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { CertificateFields } from './certificate-fields.js';
import { ContactFields, FormFields, PaperFields, PurposeFields, ScopeFields } from './fields.js';
import { AcceptanceFields, KindOfEnergyFields, YearOfEnergyFields } from './unit-fields.js';

/** The form as it is read again; as sent in it is in inputs.ts. */

@Guarded('applications:read')
@ObjectType({ description: 'Somebody to ask (联系人)' })
export class ApplicationContact extends ContactFields {}

@Guarded('applications:read')
@ObjectType({ description: 'A paper that goes with an application (申请材料)' })
export class ApplicationPaper extends PaperFields {}

@Guarded('applications:read')
@ObjectType({ description: 'A purpose that is applied for, with its legal basis (申请用途)' })
export class ApplicationPurpose extends PurposeFields {}

@Guarded('applications:read')
@ObjectType({ description: 'A scope that is applied for (申请授权范围)' })
export class ApplicationScope extends ScopeFields {}

@Guarded('applications:read')
@ObjectType({ description: 'An application for a certificate, annex 7 (数字证书申请)' })
export class CertificateApplication extends CertificateFields {}

@Guarded('applications:read')
@ObjectType({ description: 'The form of annexes 3 to 7 (对接业务申请表)' })
export class ApplicationForm extends FormFields {
  @Field(() => ApplicationContact, { description: 'Applicant (申请人)' })
  applicant!: ApplicationContact;

  @Field(() => ApplicationContact, { description: 'Contact of the technical unit (技术单位联系人)' })
  technicalContact!: ApplicationContact;

  @Field(() => [ApplicationPurpose], { description: 'Purposes (用途)' })
  purposes!: ApplicationPurpose[];

  @Field(() => [ApplicationScope], { description: 'Scopes (授权范围)' })
  scopes!: ApplicationScope[];

  @Field(() => [ApplicationPaper], { description: 'Papers, by their hashes (附件材料)' })
  papers!: ApplicationPaper[];

  @Field(() => [CertificateApplication], { description: 'Certificates (数字证书申请)' })
  certificates!: CertificateApplication[];
}

@Guarded('applications:read')
@ObjectType({ description: 'What a unit used in a year (年度综合能源消费量)' })
export class YearOfEnergy extends YearOfEnergyFields {}

@Guarded('applications:read')
@ObjectType({ description: 'What a unit used of an energy kind (分品种能源消费量)' })
export class KindOfEnergy extends KindOfEnergyFields {}

@Guarded('applications:read')
@ObjectType({ description: 'What the acceptance of a unit found of one thing (验收情况)' })
export class UnitAcceptance extends AcceptanceFields {}
