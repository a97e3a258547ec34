import { Decimal, Instant, LocalDate } from '../../../subgraphs/runtime/scalars.js';

test.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'today', ''])('%p is no day', (text) => {
  expect(() => LocalDate.parseValue(text)).toThrow('must be a day');
});

test.each(['2026-11-19', '2026-11-19T08:00:00', '2026-11-19T25:00:00Z', 'now'])(
  '%p is no instant',
  (text) => {
    expect(() => Instant.parseValue(text)).toThrow('must be a point in time');
  },
);

test.each(['1e3', '1.', '.5', '--1', '1,5', 'NaN', '0x10'])('%p is no decimal', (text) => {
  expect(() => Decimal.parseValue(text)).toThrow('must be a decimal number');
});

test.each([
  ['2026-11-19 08:00:00.123456+00', '2026-11-19T08:00:00.123456Z'],
  ['2026-11-19 08:00:00+08', '2026-11-19T08:00:00+08:00'],
  ['2026-11-19 08:00:00-03:30', '2026-11-19T08:00:00-03:30'],
  ['2026-11-19T08:00:00.5Z', '2026-11-19T08:00:00.5Z'],
])('an instant that the database wrote as %s leaves as %s', (stored, outward) => {
  expect(Instant.serialize(stored)).toBe(outward);
});

test('a decimal keeps every digit it was given', () => {
  expect(Decimal.parseValue('123456789012345678.123456789')).toBe('123456789012345678.123456789');
});
