import { Field, InputType, Int, ObjectType } from 'type-graphql';

/**
 * The fields of the annexes' forms, once for what is sent in and what is read again. Of people they hold what the
 * annexes ask and no more.
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
