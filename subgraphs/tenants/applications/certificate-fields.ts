import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { LocalDate } from '../../runtime/scalars.js';

/**
 * The fields of annex 7. Of an identity document the kind and the last four characters, which tell one handler from
 * another: the whole number stays on the paper.
 */
@ObjectType()
@InputType()
export abstract class CertificateFields {
  @Field(() => String, { description: 'TEST or FORMAL (接入类型)' })
  accessType!: string;

  @Field(() => String, { description: 'Name of the unit (单位名称)' })
  unit!: string;

  @Field(() => String, {
    description: 'SOCIAL_CREDIT_CODE, INSTITUTION_REGISTRATION or FOUNDING_APPROVAL (申请单位有效证件)',
  })
  unitDocument!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Unified social credit code of the unit, where that is its document (统一社会信用代码)',
  })
  uscc?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Number of any other document (登记证或批准成立证照号码)',
  })
  unitDocumentNumber?: string | null;

  @Field(() => String, { description: 'Legal representative (法定代表人)' })
  legalRepresentative!: string;

  @Field(() => String, { nullable: true, description: 'Telephone of the unit (单位电话)' })
  unitPhone?: string | null;

  @Field(() => String, { description: 'Fax of the unit; starred in the annex (单位传真)' })
  unitFax!: string;

  @Field(() => String, { nullable: true, description: 'Address of the unit (地址)' })
  unitAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'County or district (县)' })
  county?: string | null;

  @Field(() => String, { nullable: true, description: 'Town or township (乡镇)' })
  township?: string | null;

  @Field(() => String, { nullable: true, description: 'Mail address (Email)' })
  mail?: string | null;

  @Field(() => String, { description: 'Handler (经办人姓名)' })
  handler!: string;

  @Field(() => String, { description: 'Telephone of the handler (经办人联系方式)' })
  handlerPhone!: string;

  @Field(() => String, { description: 'IDENTITY_CARD or OTHER (经办人身份证件类型)' })
  identityDocument!: string;

  @Field(() => String, {
    description: 'Last four characters of its number; the hub keeps no more of it (证件号码后四位)',
  })
  identityLastFour!: string;

  @Field(() => String, { description: 'Postal address (通讯地址)' })
  address!: string;

  @Field(() => String, { nullable: true, description: 'Postcode, six digits (邮编)' })
  postcode?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Date of the application (申请日期)' })
  appliedOn?: string | null;

  @Field(() => String, {
    description: 'GOVERNMENT_EXTRANET or INTERNET, for this certificate (网络接入方式)',
  })
  network!: string;

  @Field(() => String, { description: 'System that is to be reached (申请访问的系统)' })
  system!: string;

  @Field(() => Int, { description: 'Validity: 12, 24, 36, 48 or 60 months (有效期)' })
  months!: number;

  @Field(() => Boolean, { description: 'Keeps to the service agreement (是否遵守服务协议)' })
  agreesToTerms!: boolean;

  @Field(() => String, { description: 'Signing request, PKCS #10 in PEM; the key stays at home (证书请求)' })
  csr!: string;
}
