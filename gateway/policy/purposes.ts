/** Why data is asked for: the closed list behind `x-hub-purpose` (seed 000, article 12: no use beyond the stated one). */
export const PURPOSES = {
  DATA_REPORTING: '数据报送',
  SUPERVISION: '节能监督管理',
  STATISTICS: '统计分析',
  METERING_REVIEW: '能源计量审查',
  INSPECTION: '节能监察',
  OWN_MANAGEMENT: '本单位用能管理',
  ENERGY_SERVICE: '节能服务',
  PLATFORM_OPERATION: '平台运行维护',
} as const;

export type Purpose = keyof typeof PURPOSES;

export function isPurpose(name: string): name is Purpose {
  return Object.hasOwn(PURPOSES, name);
}
