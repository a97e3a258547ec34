/** Closed lists of the annexes' forms (seed 003, annexes 3 to 7), with their Chinese terms. */

export const KINDS = {
  PLATFORM: '省级能耗在线监测平台对接（附件3、4）',
  ENTERPRISE: '重点用能单位直接对接（附件5、6）',
} as const;
export type Kind = keyof typeof KINDS;

export const NETWORKS = { GOVERNMENT_EXTRANET: '政务外网', INTERNET: '互联网' } as const;

export const ACCESS_MODES = { BATCH: '分批接入', ALL: '全部接入' } as const;

export const IDENTITY_DOCUMENTS = { IDENTITY_CARD: '身份证', OTHER: '其它' } as const;

/** The document of the unit that asks for a certificate: its credit code, or another; one of them (annex 7). */
export const UNIT_DOCUMENTS = {
  SOCIAL_CREDIT_CODE: '统一社会信用代码证',
  INSTITUTION_REGISTRATION: '事业单位法人登记证（副本）或事业单位登记证（副本）',
  FOUNDING_APPROVAL: '其它批准成立证照',
} as const;

/** What the acceptance of a unit tells of (annex 6). */
export const ACCEPTANCE_ASPECTS = {
  DATA_QUALITY: '数据质量',
  METERING: '计量情况',
  END_DEVICES: '端设备情况',
  AUTHORITY_OPINION: '地方节能主管部门验收意见',
} as const;
export type AcceptanceAspect = keyof typeof ACCEPTANCE_ASPECTS;

/** Papers that go with an application; the hub keeps their hashes, the offices the papers. */
export const PAPERS = {
  ACCEPTANCE_REPORT: '项目验收报告 / 用能单位验收情况',
  SOFTWARE_TEST_REPORT: '第三方软件测试报告',
  SECURITY_TEST_REPORT: '信息安全等级保护测试报告',
  TRIAL_RUN_REPORT: '试运行报告',
  OTHER: '其他材料',
} as const;
export type Paper = keyof typeof PAPERS;

/** What must be met before the formal connection. */
export const REQUIREMENTS = {
  TEST_TRANSMISSION: '测试期稳定传输',
  ACCEPTANCE_REPORT: PAPERS.ACCEPTANCE_REPORT,
  SOFTWARE_TEST_REPORT: PAPERS.SOFTWARE_TEST_REPORT,
  SECURITY_TEST_REPORT: PAPERS.SECURITY_TEST_REPORT,
  TRIAL_RUN_REPORT: PAPERS.TRIAL_RUN_REPORT,
  UNIT_ACCEPTANCE: '用能单位验收情况（附件6）',
  UNIT_CONSUMPTION: '主要用能品种能源消费量（附件6）',
  FORMAL_CERTIFICATE: '正式数字证书申请（附件7）',
  PROTOCOL_REVIEW: '国家节能中心接口协议审核意见',
  SECURITY_REVIEW: '国家信息中心技术安全审核意见',
} as const;
export type Requirement = keyof typeof REQUIREMENTS;

const OF_BOTH = [
  'TEST_TRANSMISSION',
  'ACCEPTANCE_REPORT',
  'FORMAL_CERTIFICATE',
  'PROTOCOL_REVIEW',
  'SECURITY_REVIEW',
] as const satisfies readonly Requirement[];

/** Annex 4 asks a platform for four reports; annex 6 asks an enterprise for its acceptance, and what it uses by kind. */
export const REQUIRED: Readonly<Record<Kind, readonly Requirement[]>> = {
  PLATFORM: [...OF_BOTH, 'SOFTWARE_TEST_REPORT', 'SECURITY_TEST_REPORT', 'TRIAL_RUN_REPORT'],
  ENTERPRISE: [...OF_BOTH, 'UNIT_ACCEPTANCE', 'UNIT_CONSUMPTION'],
};

/**
 * What an approver may let pass for a reason given by letter: the two test reports (seed 003, last paragraph), and the
 * month for those whose transmission was stable before (the same paragraph). Nothing else.
 */
export const WAIVABLE: ReadonlySet<Requirement> = new Set<Requirement>([
  'TEST_TRANSMISSION',
  'SOFTWARE_TEST_REPORT',
  'SECURITY_TEST_REPORT',
]);

export function isOneOf<T extends string>(list: Readonly<Record<T, string>>, name: string): name is T {
  return Object.hasOwn(list, name);
}
