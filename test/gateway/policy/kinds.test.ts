import { readFileSync } from 'node:fs';
import { CATEGORIES, isCategory } from '../../../gateway/policy/categories.js';
import { BUILDING_TYPES, ENERGY_KINDS, isBuildingType, isEnergyKind } from '../../../gateway/policy/kinds.js';
import { hasDimension } from '../../../gateway/policy/limits.js';

/** Cells of the columns named; no cell of these tables holds a comma within the first columns. */
function columns(file: string, ...names: string[]): string[][] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const places = names.map((name) => head.split(',').indexOf(name));
  return lines.map((line) => places.map((place) => line.split(',')[place] ?? ''));
}

test.each(['', '1', '00', '14', '001', 'constructor'])('%j is no energy kind', (code) => {
  expect(isEnergyKind(code)).toBe(false);
});

test.each(['', 'a', 'H', 'AB', 'toString'])('%j is no building type', (letter) => {
  expect(isBuildingType(letter)).toBe(false);
});

test('the energy kinds are those of the reference table, by code and name', () => {
  const table = columns('subgraphs/metering/reference/energy_classes.csv', 'code', 'name_zh');
  expect(Object.fromEntries(table)).toEqual(ENERGY_KINDS);
  expect(table.map(([code = '']) => isEnergyKind(code))).not.toContain(false);
});

test('the building types are the letters that buildings are stored under, by name', () => {
  const table = columns('subgraphs/buildings/reference/building_types.csv', 'stored_as', 'name_zh');
  expect(Object.fromEntries(table)).toEqual(BUILDING_TYPES);
  expect(table.map(([letter = '']) => isBuildingType(letter))).not.toContain(false);
});

test('only what is metered or stands in a building has kinds, levels and types', () => {
  const having = (dimension: Parameters<typeof hasDimension>[1]) =>
    Object.keys(CATEGORIES).filter((name) => isCategory(name) && hasDimension(name, dimension));
  expect(having('energyKinds')).toEqual(['meters', 'readings', 'quality', 'supplies']);
  expect(having('meterLevels')).toEqual(['meters', 'readings', 'quality']);
  expect(having('buildingTypes')).toEqual(['buildings', 'meters', 'readings', 'quality', 'audits']);
});
