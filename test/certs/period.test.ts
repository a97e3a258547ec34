import { MONTHS, periodOf } from '../../certs/period.js';
import { VALIDITY_MONTHS } from '../../gateway/policy/certificates.js';

const FAR = new Date('2100-01-01T00:00:00Z');

test('months end on the same day, or on the last where there is none, as in the database', () => {
  const end = (from: string, months: number) =>
    periodOf({ months }, FAR, new Date(from)).notAfter.toISOString();

  expect(end('2026-03-31T08:30:00Z', 12)).toBe('2027-03-31T08:30:00.000Z');
  expect(end('2028-02-29T23:59:59Z', 12)).toBe('2029-02-28T23:59:59.000Z');
  expect(end('2028-02-29T00:00:00Z', 48)).toBe('2032-02-29T00:00:00.000Z');
});

test('a certificate lasts the months that are approved, and no others', () => {
  for (const months of [0, 1, 13, 61, 120, 12.5, Number.NaN])
    expect(() => periodOf({ months }, FAR)).toThrow('12, 24, 36, 48, 60 months');
  expect([...MONTHS]).toEqual([...VALIDITY_MONTHS]);
});

test('nothing outlives the authority that signs it', () => {
  const soon = new Date(Date.now() + 86_400_000);
  expect(() => periodOf({ months: 12 }, soon)).toThrow('The authority itself ends');
});
