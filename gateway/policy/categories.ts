/** What kind of data leaves or enters: the closed list that scopes, consents and the schema's @requiresScopes use. */
export const CATEGORIES = {
  buildings: '建筑信息',
  enterprises: '用能单位信息',
  meters: '计量器具信息',
  readings: '能耗数据',
  audits: '建筑能源审计',
  reviews: '能源计量审查',
  inspections: '节能监察档案',
  batches: '上传批次与回执',
  packages: '每日数据包与回执',
  tenants: '接入单位与证书',
  scopes: '授权范围',
  consents: '数据共享同意',
} as const;

export const ACTIONS = ['read', 'write'] as const;

export type Category = keyof typeof CATEGORIES;
export type Action = (typeof ACTIONS)[number];
/** `meters:read` */
export type Permission = `${Category}:${Action}`;

export function isCategory(name: string): name is Category {
  return Object.hasOwn(CATEGORIES, name);
}

export function isPermission(name: string): name is Permission {
  const [category, action, rest] = name.split(':');
  return rest === undefined && isCategory(category ?? '') && ACTIONS.includes(action as Action);
}

export function categoryOf(permission: Permission): Category {
  return permission.slice(0, permission.indexOf(':')) as Category;
}
