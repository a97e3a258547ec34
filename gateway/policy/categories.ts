/** What kind of data leaves or enters: the closed list that scopes, consents and the schema's @requiresScopes use. */
export const CATEGORIES = {
  buildings: '建筑信息',
  enterprises: '用能单位信息',
  meters: '计量器具信息',
  readings: '能耗数据',
  quality: '数据质量',
  supplies: '供能企业数据',
  audits: '建筑能源审计',
  reviews: '能源计量审查',
  inspections: '节能监察档案',
  batches: '上传批次与回执',
  packages: '每日数据包与回执',
  tenants: '接入单位与证书',
  scopes: '授权范围',
  consents: '数据共享同意',
  erasures: '删除通知',
  applications: '接入申请',
  purposes: '用途申报',
  corrections: '数据更正',
  disclosures: '披露记录',
  statistics: '分类统计',
} as const;

/** `review_protocol`, `review_security` and `approve` are the offices of seed 003, annexes 3 to 6, and seed 000, 12 and 13. */
export const ACTIONS = ['read', 'write', 'review_protocol', 'review_security', 'approve'] as const;

/** Data about enterprises, for which the law asks for the subject's consent before a third party gets it. */
export const SUBJECT_CATEGORIES = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'quality',
  'audits',
  'reviews',
  'inspections',
] as const satisfies readonly (keyof typeof CATEGORIES)[];

export type Category = keyof typeof CATEGORIES;
export type Action = (typeof ACTIONS)[number];

const READ_AND_WRITE = ['read', 'write'] as const satisfies readonly Action[];

/** Where a category knows other actions than reading and writing. */
const OTHER_ACTIONS: Partial<Record<Category, readonly Action[]>> = {
  applications: ACTIONS,
  purposes: [...READ_AND_WRITE, 'approve'],
  corrections: [...READ_AND_WRITE, 'approve'],
  quality: [...READ_AND_WRITE, 'approve'],
  supplies: [...READ_AND_WRITE, 'approve'],
  disclosures: ['read'],
  statistics: ['read', 'approve'],
};

/** `meters:read` */
export type Permission = `${Category}:${Action}`;

export function isCategory(name: string): name is Category {
  return Object.hasOwn(CATEGORIES, name);
}

/** What is owed to the law rather than allowed by an admin: no scope gives it, and the end of none takes it away. */
export function isDuty(category: Category): boolean {
  return category === 'erasures';
}

export function isSubjectCategory(name: string): name is (typeof SUBJECT_CATEGORIES)[number] {
  return SUBJECT_CATEGORIES.some((category) => category === name);
}

/** What may be done with data of a category: the permissions that exist. */
export function actionsOf(category: Category): readonly Action[] {
  return OTHER_ACTIONS[category] ?? READ_AND_WRITE;
}

export function isPermission(name: string): name is Permission {
  const [category, action, rest] = name.split(':');
  if (rest !== undefined || !category || !isCategory(category)) return false;
  return actionsOf(category).includes(action as Action);
}

export function categoryOf(permission: Permission): Category {
  return permission.slice(0, permission.indexOf(':')) as Category;
}
