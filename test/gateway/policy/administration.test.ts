import { adminArea, CONSOLE, ranksAbove, TIERS_BELOW } from '../../../gateway/policy/administration.js';
import { TIERS } from '../../../gateway/policy/grant.js';

test('a district administers its third parties and nobody else', () => {
  expect(TIERS_BELOW.DISTRICT).toEqual(['THIRD_PARTY']);
});

test('nobody ranks above itself, and who ranks above another is not below it; the console ranks above all', () => {
  for (const one of TIERS) {
    expect(TIERS_BELOW[one]).not.toContain(one);
    for (const other of TIERS_BELOW[one]) expect(TIERS_BELOW[other]).not.toContain(one);
    expect(ranksAbove({ tenant: CONSOLE, tier: 'THIRD_PARTY' }, one)).toBe(true);
  }
});

// prettier-ignore
test.each([
  ['THIRD_PARTY', '310104', '310104', '310104'],
  ['THIRD_PARTY', '310104', '310101', '310000'],
  ['THIRD_PARTY', '310104', '310000', '310000'],
  ['THIRD_PARTY', '310104', '100000', '100000'],
  ['ENTERPRISE', '320505', '320505', '320500'],
  ['ENTERPRISE', '320505', '320508', '320500'],
  ['ENTERPRISE', '310101', '310101', '310000'],
  ['ENTERPRISE', '310000', '310101', '310000'],
  ['ENTERPRISE', '320505', '110101', '100000'],
  ['DISTRICT', '310104', '310104', '310000'],
  ['DISTRICT', '320505', '320505', '320500'],
  ['MUNICIPAL', '310000', '310101', '100000'],
  ['NATIONAL', '100000', '310101', null],
] as const)('a %s tenant of %s gets a scope over %s from an admin of %s', (tier, area, over, seat) => {
  expect(adminArea({ tier, area }, over)).toBe(seat);
});
