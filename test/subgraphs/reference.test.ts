import { existsSync, readFileSync } from 'node:fs';
import { areaContains, isAreaCode } from '../../gateway/policy/areas.js';
import { readReference, referenceInsert, type ReferenceRow } from '../../subgraphs/runtime/reference.js';

const tables: Record<string, { room: string; rows: number; key: string[] }> = {
  'building_types.csv': { room: 'buildings', rows: 9, key: ['code'] },
  'building_functions.csv': { room: 'buildings', rows: 12, key: ['code'] },
  'monthly_eui.csv': { room: 'buildings', rows: 12 * 12, key: ['archetype', 'month'] },
  'energy_classes.csv': { room: 'metering', rows: 13, key: ['code'] },
  'energy_items.csv': { room: 'metering', rows: 43, key: ['code'] },
  'coal_energies.csv': { room: 'metering', rows: 42, key: ['code'] },
  'coal_editions.csv': { room: 'metering', rows: 1, key: ['code'] },
  'coal_coefficients.csv': { room: 'metering', rows: 42, key: ['edition', 'energy', 'basis'] },
  'equal_value_coefficients.csv': { room: 'metering', rows: 2, key: ['edition'] },
  'class_energies.csv': { room: 'metering', rows: 13, key: ['energy_class'] },
  'unit_factors.csv': { room: 'metering', rows: 28, key: ['unit'] },
  'quality_rules.csv': { room: 'metering', rows: 22, key: ['code'] },
  'quality_parameters.csv': { room: 'metering', rows: 21, key: ['rule', 'name'] },
  'calendar_days.csv': { room: 'metering', rows: 108, key: ['date'] },
  'industries.csv': { room: 'enterprises', rows: 20 + 97 + 15, key: ['code'] },
  'key_unit_classes.csv': { room: 'enterprises', rows: 3, key: ['code'] },
  'areas.csv': { room: 'tenants', rows: 1 + 34 + 1 + 16 + 4, key: ['code'] },
  'inspection_documents.csv': { room: 'inspections', rows: 13, key: ['code'] },
  'jjf1356_clauses.csv': { room: 'audits', rows: 39, key: ['clause'] },
};

function table(file: string): ReferenceRow[] {
  const room = new URL(`../../subgraphs/${tables[file]?.room}/room.ts`, import.meta.url).href;
  return readReference(room, file);
}

test('a table that is not there, or a name that leaves the folder, is an error and no empty table', () => {
  expect(() => readReference(import.meta.url, 'absent.csv')).toThrow('no reference table');
  expect(() => readReference(import.meta.url, '../secret.csv')).toThrow('not the name');
});

test('names that are no plain identifiers, unlike rows and no rows at all make no statement', () => {
  expect(() => referenceInsert('t; drop table t', [{ code: '1' }])).toThrow('not a plain identifier');
  expect(() => referenceInsert('t', [{ 'a", b': '1' }])).toThrow('not a plain identifier');
  expect(() => referenceInsert('t', [{ a: '1', b: '2' }, { a: '1' }])).toThrow('unlike rows');
  expect(() => referenceInsert('t', [{ a: '1' }, { b: '1' }])).toThrow('lacks a column');
  expect(() => referenceInsert('t', [{ a: 'x\0y' }])).toThrow('NUL');
  expect(() => referenceInsert('t', [])).toThrow('no rows');
});

test('a statement quotes what it carries and makes empty cells null', () => {
  expect(referenceInsert('tenants.areas', [{ code: '310106', name_en: "Jing'an", note: '' }])).toBe(
    `insert into "tenants"."areas" ("code", "name_en", "note") values\n('310106', 'Jing''an', null)`,
  );
  expect(referenceInsert('t', [{ a: `\\' or 1=1` }])).toContain(String.raw`( E'\\'' or 1=1')`);
});

describe.each(Object.entries(tables))('%s', (file, { rows, key }) => {
  const all = table(file);

  test('has every row, each once', () => {
    expect(all).toHaveLength(rows);
    expect(new Set(all.map((row) => key.map((name) => row[name]).join('/'))).size).toBe(rows);
  });

  test('says of every row where it comes from and whether that was verified', () => {
    for (const row of all) {
      expect(row['source']).not.toBe('');
      expect(['high', 'medium', 'low', 'unverified']).toContain(row['confidence']);
      expect(row['verified']).toBe(String(row['confidence'] === 'high'));
    }
  });

  test('can be asked for by a migration of its room, and loads in one statement', () => {
    const migration = new URL(`../../subgraphs/${tables[file]?.room}/migrations/001.ts`, import.meta.url);
    expect(readReference(migration.href, file)).toEqual(all);
    expect(referenceInsert('room.table', all).match(/^\(/gm)).toHaveLength(rows);
  });
});

test('other buildings have two letters and one of them is stored', () => {
  const other = table('building_types.csv').filter((row) => row['name_zh'] === '其他建筑');
  expect(other.map((row) => [row['code'], row['stored_as']])).toEqual([
    ['H', 'Z'],
    ['Z', 'Z'],
  ]);
});

test('every item belongs to a class and below a parent of the same class', () => {
  const classes = table('energy_classes.csv').map((row) => row['code']);
  const items = table('energy_items.csv');
  for (const item of items) {
    expect(classes).toContain(item['energy_class']);
    if (item['level'] === 'CLASS') expect(item['parent']).toBe('');
    else {
      const parent = items.find((row) => row['code'] === item['parent']);
      expect(parent?.['energy_class']).toBe(item['energy_class']);
    }
  }
});

test('areas nest in their parents, and the districts in force are the sixteen of Shanghai', () => {
  const areas = table('areas.csv');
  for (const { code = '', parent = '' } of areas) {
    expect(isAreaCode(code)).toBe(true);
    if (code !== '100000') expect(areaContains(parent, code)).toBe(true);
  }
  const districts = areas.filter((row) => row['level'] === 'DISTRICT' && row['in_force'] === 'true');
  expect(districts).toHaveLength(16);
  expect(districts.map((row) => row['code'])).toEqual(
    expect.arrayContaining(['310101', '310104', '310115', '310151']),
  );
});

test('industries hang together: sections A to T, divisions 01 to 97, classes under their division', () => {
  const industries = table('industries.csv');
  const level = (name: string) => industries.filter((row) => row['level'] === name);
  expect(
    level('SECTION')
      .map((row) => row['code'])
      .join(''),
  ).toBe('ABCDEFGHIJKLMNOPQRST');
  expect(level('DIVISION').map((row) => Number(row['code']))).toEqual(
    Array.from({ length: 97 }, (_, i) => i + 1),
  );
  const codes = new Set(industries.map((row) => row['code']));
  for (const row of industries) if (row['level'] !== 'SECTION') expect(codes).toContain(row['parent']);
});

const coefficients = new URL('../../../shared/domain/standard_coal_coefficients.csv', import.meta.url);
(existsSync(coefficients) ? test : test.skip)(
  'the coefficients are those of the domain’s table (skipped where ../shared/domain is absent)',
  () => {
    const theirs = readFileSync(coefficients, 'utf8').trim().split(/\r?\n/).slice(1);
    const figures = theirs
      .map((line) => line.split(',').slice(2, 4).join(' '))
      .filter((pair) => pair !== ' ');
    expect(table('coal_coefficients.csv').map(({ low, high }) => `${low} ${high}`)).toEqual(figures);
  },
);

const facts = new URL('../../../shared/domain/shanghai_monthly_eui.csv', import.meta.url);
(existsSync(facts) ? test : test.skip)(
  'the monthly figures are those of the paper (skipped where ../shared/domain is absent)',
  () => {
    const paper = readFileSync(facts, 'utf8').trim().split('\n').slice(1);
    const ours = table('monthly_eui.csv').map((row) => [row['archetype'], row['month'], row['kwh_per_m2']]);
    expect(ours).toEqual(paper.map((line) => line.split(',').slice(0, 3)));
  },
);
