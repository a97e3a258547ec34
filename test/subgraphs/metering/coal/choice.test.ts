import {
  type Amount,
  chosen,
  type CoalTables,
  energyOf,
  factorsOf,
} from '../../../../subgraphs/metering/coal/choice.js';
import { CoalBasis, CoalCoefficient } from '../../../../subgraphs/metering/coal/entities.js';

const { EQUIVALENT, EQUAL_VALUE } = CoalBasis;

function aCoefficient(rest: Partial<CoalCoefficient>): CoalCoefficient {
  const plain = { edition: 'S', energy: 'ELECTRICITY', basis: 'EQUAL_VALUE', area: '100000', year: null };
  const figures = { low: '0.3', high: '0.3', validFrom: null, version: 1, addedBy: null, verified: false };
  return Object.assign(new CoalCoefficient(), plain, figures, rest);
}
const given = (area: string, year: number, version = 1): CoalCoefficient =>
  aCoefficient({ area, year, version, edition: `${area}/${year}.${version}`, addedBy: 'municipal' });
const standard = (edition: string, validFrom: string, basis = 'EQUIVALENT'): CoalCoefficient =>
  aCoefficient({ edition, validFrom, basis, low: '0.1229', high: '0.1229' });

const amount: Amount = {
  total: '1',
  unit: 'kWh',
  energyItem: '01000',
  areas: ['310101'],
  from: '2026-01-01',
  to: '2026-12-31',
};
const STANDARDS = [standard('2008', '2008-06-01'), standard('2020', '2021-04-01')];

const choose = (known: CoalCoefficient[], basis: CoalBasis, more: object = {}, of: Partial<Amount> = {}) =>
  chosen(known, { ...amount, ...of }, { basis, ...more }, 'ELECTRICITY').edition;

describe('no coefficient is made up', () => {
  test('a year without a figure is refused, and what there is instead is named', () => {
    const unverified = aCoefficient({ edition: 'HISTORICAL', low: '0.404', high: '0.404' });
    const refusal = expect(() => choose([...STANDARDS, unverified], EQUAL_VALUE));

    refusal.toThrow('No equal-value coefficient of ELECTRICITY for 2026 is known.');
    refusal.toThrow(
      expect.objectContaining({
        code: 'COEFFICIENT_MISSING',
        remedy: expect.stringContaining('Say which (edition): HISTORICAL (0.404, unverified)') as string,
      }),
    );
  });

  test('another year, a neighbour’s area or the other basis does not stand in', () => {
    expect(() => choose([given('310000', 2025)], EQUAL_VALUE)).toThrow('for 2026');
    expect(() => choose([given('310104', 2026)], EQUAL_VALUE)).toThrow('for 2026');
    expect(() => choose([given('310000', 2026)], EQUIVALENT)).toThrow('No equivalent coefficient');
    expect(() => choose(STANDARDS, EQUAL_VALUE, { edition: '2020' })).toThrow('2020 holds no equal-value');
  });

  test('a district’s figure does not count for what was metered in two districts', () => {
    const both = { areas: ['310101', '310104'] };
    expect(() => choose([given('310101', 2026)], EQUAL_VALUE, {}, both)).toThrow('for 2026');
    expect(choose([given('310101', 2026), given('310000', 2026)], EQUAL_VALUE, {}, both)).toBe(
      '310000/2026.1',
    );
  });

  test('a period of two years does not say of which year the figure is', () => {
    const years = [given('310000', 2025), given('310000', 2026)];
    const turn = { from: '2025-12-01', to: '2026-01-31' };
    expect(() => choose(years, EQUAL_VALUE, {}, turn)).toThrow('is not within one year');
    expect(choose(years, EQUAL_VALUE, { year: 2025 }, turn)).toBe('310000/2025.1');
  });

  test('before the first edition was in force none is taken', () => {
    const then = { from: '2007-01-01', to: '2007-12-31' };
    expect(() => choose(STANDARDS, EQUIVALENT, {}, then)).toThrow('for 2007');
    expect(choose(STANDARDS, EQUIVALENT, { edition: '2008' }, then)).toBe('2008');
  });
});

describe('which coefficient counts', () => {
  test('the edition in force on the last day', () => {
    expect(choose(STANDARDS, EQUIVALENT)).toBe('2020');
    expect(choose(STANDARDS, EQUIVALENT, {}, { from: '2020-01-01', to: '2020-12-31' })).toBe('2008');
    expect(choose(STANDARDS.toReversed(), EQUIVALENT)).toBe('2020');
  });

  test('the narrowest area’s before the standard’s, the latest version of it, and one that is named before all', () => {
    const known = [
      given('100000', 2026),
      given('310101', 2026),
      given('310101', 2026, 2),
      given('310000', 2026),
    ];
    expect(choose(known, EQUAL_VALUE)).toBe('310101/2026.2');
    expect(choose(known.toReversed(), EQUAL_VALUE)).toBe('310101/2026.2');
    expect(choose(known, EQUAL_VALUE, { edition: '310101/2026.1' })).toBe('310101/2026.1');
  });
});

describe('what is counted', () => {
  const tables: CoalTables = {
    classes: new Map([
      ['01', { energy: 'ELECTRICITY', note: null }],
      ['02', { energy: null, note: 'Water is no energy' }],
    ]),
    energies: new Map([
      ['ELECTRICITY', { unit: 'kWh', nameZh: '电力' }],
      ['FRESH_WATER', { unit: 't', nameZh: '新水' }],
    ]),
    units: new Map([
      ['kWh', { unit: 'kWh', quantity: 'ENERGY', factor: '3.6' }],
      ['MWh', { unit: 'MWh', quantity: 'ENERGY', factor: '3600' }],
      ['m3', { unit: 'm3', quantity: 'VOLUME', factor: '1' }],
      ['t', { unit: 't', quantity: 'MASS', factor: '1000' }],
    ]),
  };
  const basis = EQUIVALENT;

  test('water is refused and not counted as nothing, unless the caller says as what', () => {
    const water = { ...amount, energyItem: '02000', unit: 't' };
    expect(() => energyOf(water, { basis }, tables)).toThrow('Energy class 02 has no coefficient');
    expect(() => energyOf(water, { basis }, tables)).toThrow('Water is no energy');
    expect(() => energyOf(water, { basis, energy: 'WINE' }, tables)).toThrow(
      'energy: WINE is not in the table',
    );
    expect(energyOf(water, { basis, energy: 'FRESH_WATER' }, tables)).toBe('FRESH_WATER');
  });

  test('a unit of another kind, or of none, is refused and not guessed', () => {
    const counted = (unit: string) => factorsOf({ ...amount, unit }, 'ELECTRICITY', tables);
    expect(() => counted('m3')).toThrow('ELECTRICITY is counted by kWh, and was metered in m3.');
    expect(() => counted('bushel')).toThrow('was metered in bushel');
    expect(counted('MWh')).toEqual({ factor: '3600', base: '3.6' });
  });
});
