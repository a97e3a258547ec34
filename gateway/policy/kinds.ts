/** What is metered: the first two digits of an energy item's code (MOHURD technical guide of 2008, 5.3). */
export const ENERGY_KINDS = {
  '01': '电',
  '02': '水',
  '03': '燃气(天然气或煤气)',
  '04': '集中供热量',
  '05': '集中供冷量',
  '06': '其它能源',
  '07': '煤',
  '08': '液化石油气',
  '09': '人工煤气',
  '10': '汽油',
  '11': '煤油',
  '12': '柴油',
  '13': '可再生能源',
} as const;

/** What a building is for: the letter in its code. H of the guide of 2008 is kept as Z, and so are limits to it. */
export const BUILDING_TYPES = {
  A: '办公建筑',
  B: '商场建筑',
  C: '宾馆饭店建筑',
  D: '文化教育建筑',
  E: '医疗卫生建筑',
  F: '体育建筑',
  G: '综合建筑',
  Z: '其他建筑',
} as const;

export type EnergyKind = keyof typeof ENERGY_KINDS;
export type BuildingType = keyof typeof BUILDING_TYPES;

export function isEnergyKind(code: string): code is EnergyKind {
  return Object.hasOwn(ENERGY_KINDS, code);
}

export function isBuildingType(letter: string): letter is BuildingType {
  return Object.hasOwn(BUILDING_TYPES, letter);
}
