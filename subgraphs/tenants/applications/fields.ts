import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Decimal } from '../../runtime/scalars.js';

/**
 * The fields of the annexes' forms, once for what is sent in and what is read again. Of people they hold what the
 * annexes ask and no more; of an identity document its kind and last four characters, which tell one handler from
 * another: the whole number stays on the paper.
 */

@ObjectType()
@InputType()
export abstract class ContactFields {
  @Field(() => String, { description: 'Name (姓名)' })
  name!: string;

  @Field(() => String, { description: 'Telephone (电话)' })
  phone!: string;

  @Field(() => String, { description: 'Mail address (邮箱)' })
  mail!: string;
}

@ObjectType()
@InputType()
export abstract class PaperFields {
  @Field(() => String, {
    description:
      'ACCEPTANCE_REPORT, SOFTWARE_TEST_REPORT, SECURITY_TEST_REPORT, TRIAL_RUN_REPORT or OTHER (材料类别)',
  })
  kind!: string;

  @Field(() => String, { description: 'Title (材料名称)' })
  name!: string;

  @Field(() => String, { description: 'SHA-256 of the file, hexadecimal (文件哈希)' })
  sha256!: string;
}

@ObjectType()
@InputType()
export abstract class PurposeFields {
  @Field(() => String, { description: 'Purpose, of the closed list (用途)' })
  purpose!: string;

  @Field(() => String, { description: 'Kind of its legal basis, of the closed list (法律依据类别)' })
  basis!: string;

  @Field(() => String, { description: 'The legal basis in words: title, number, article (法律依据)' })
  basisText!: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the document that shows it (依据文件哈希)',
  })
  documentSha256?: string | null;
}

@ObjectType()
@InputType()
export abstract class PlacelessScopeFields {
  @Field(() => String, { description: 'Category of data (数据类别)' })
  category!: string;

  @Field(() => String, { description: 'read or write (操作)' })
  action!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Energy kinds it is limited to, two digits; none is all (能源种类)',
  })
  energyKinds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Building types it is limited to, letters; none is all (建筑类型)',
  })
  buildingTypes?: string[] | null;

  @Field(() => [String], { description: 'Purposes it serves (用途)' })
  purposes!: string[];
}

@ObjectType()
@InputType()
export abstract class ScopeFields extends PlacelessScopeFields {
  @Field(() => String, { description: 'GB/T 2260 code; it and what nests in it (行政区划代码)' })
  area!: string;
}

@ObjectType()
@InputType()
export abstract class CertificateFields {
  @Field(() => String, { description: 'TEST or FORMAL (接入类型)' })
  accessType!: string;

  @Field(() => String, { description: 'Name of the unit (单位名称)' })
  unit!: string;

  @Field(() => String, { description: 'Unified social credit code of the unit (统一社会信用代码)' })
  uscc!: string;

  @Field(() => String, { description: 'Legal representative (法定代表人)' })
  legalRepresentative!: string;

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

  @Field(() => String, { description: 'System that is to be reached (申请访问的系统)' })
  system!: string;

  @Field(() => Int, { description: 'Validity: 12, 24, 36, 48 or 60 months (有效期)' })
  months!: number;

  @Field(() => Boolean, { description: 'Keeps to the service agreement (是否遵守服务协议)' })
  agreesToTerms!: boolean;

  @Field(() => String, { description: 'Signing request, PKCS #10 in PEM; the key stays at home (证书请求)' })
  csr!: string;
}

@ObjectType()
@InputType()
export abstract class YearOfEnergyFields {
  @Field(() => Int, { description: 'Year (年度)' })
  year!: number;

  @Field(() => Decimal, { description: 'Comprehensive energy consumption, tce (综合能源消费量, 吨标准煤)' })
  tce!: string;
}

@ObjectType()
@InputType()
export abstract class UnitFields {
  @Field(() => ID, { description: 'Unified social credit code (统一社会信用代码)' })
  uscc!: string;

  @Field(() => String, { description: 'Name (单位名称)' })
  name!: string;

  @Field(() => String, { description: 'Industry, GB/T 4754 section or class (行业)' })
  industry!: string;

  @Field(() => String, { description: 'Where it lies, GB/T 2260 (地点)' })
  place!: string;

  @Field(() => String, { description: 'Nature of the unit, as its register names it (单位性质)' })
  nature!: string;

  @Field(() => [String], {
    description: 'Main energy kinds, two digits of the energy item (主要用能品种)',
  })
  energyKinds!: string[];
}

@ObjectType()
@InputType()
export abstract class FormFields {
  @Field(() => String, { description: 'Competent authority that applies (申请单位)' })
  organ!: string;

  @Field(() => String, { nullable: true, description: 'Its postal address (通讯地址)' })
  postalAddress?: string | null;

  @Field(() => String, { description: 'Technical unit (技术单位)' })
  technicalUnit!: string;

  @Field(() => String, { description: 'GOVERNMENT_EXTRANET or INTERNET (网络接入方式)' })
  network!: string;

  @Field(() => String, { description: 'BATCH or ALL (接入模式)' })
  accessMode!: string;

  @Field(() => Int, { description: 'Number of units to connect (接入用能单位数量)' })
  numberOfUnits!: number;

  @Field(() => String, { description: 'Where the server stands (接入服务器物理位置)' })
  serverLocation!: string;

  @Field(() => String, { description: 'IP address of the server (接入服务器IP地址)' })
  serverAddress!: string;
}
