/** How values that were not measured are made: a closed list. */
export const ESTIMATE_METHODS = {
  LINEAR: '线性插值',
  SAME_DAY_LAST_WEEK: '上周同日',
  LOAD_PROFILE: '典型负荷曲线',
  MANUAL: '人工',
} as const;
export type EstimateMethod = keyof typeof ESTIMATE_METHODS;

/** Rules that reject values for which an estimate may stand in; the others leave the value as good as it is. */
export const REJECTING_RULES = ['NEGATIVE', 'STUCK', 'JUMP', 'OVER_PHYSICAL_LIMIT', 'ZERO_RUN'] as const;

/** How far back LOAD_PROFILE looks for like days, and how many it needs. */
export const PROFILE_DAYS = 28;
export const LEAST_PROFILE_DAYS = 3;
