import { personDaysOf } from '../../../../subgraphs/metering/intensity/persons.js';

const occupancy = [
  { validFrom: '2026-03-01', persons: 30 },
  { validFrom: '2026-01-01', persons: 10 },
  { validFrom: '2026-02-01', persons: 20 },
];
const over = (from: string, to: string, known = occupancy) =>
  personDaysOf({ id: 'House', occupancy: known }, { from, to });

test('a number that is not known for the first day is not taken from a later one', () => {
  expect(() => over('2025-12-31', '2026-01-31')).toThrow('House is not known before 2026-01-01');
  expect(() => over('2026-01-01', '2026-01-31', [])).toThrow('is not known at all');
});

test('each number counts for its own days, in whatever order they were given', () => {
  expect(over('2026-01-01', '2026-01-01')).toEqual({ days: 1, personDays: 10 });
  expect(over('2026-01-31', '2026-02-01')).toEqual({ days: 2, personDays: 30 });
  expect(over('2026-01-01', '2026-03-02')).toEqual({ days: 61, personDays: 310 + 560 + 60 });
  expect(over('2026-04-01', '2026-04-30')).toEqual({ days: 30, personDays: 900 });
});
