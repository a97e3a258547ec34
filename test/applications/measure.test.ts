import {
  addDays,
  addMonths,
  dayInChina,
  judged,
  stableRun,
  type TestDay,
} from '../../subgraphs/tenants/applications/measure.js';

const RULES = { stableMonths: 1, completeness: 90, deadlineHours: 24, errorRate: 5 };
/** Noon of 15 April in China. */
const NOW = new Date('2026-04-15T04:00:00Z');

function aDay(date: string, rest: Partial<TestDay> = {}): TestDay {
  const day = { date, due: 100, present: 100, onTime: 100, lines: 10, quarantined: 0 };
  return judged({ ...day, unitsListed: 2, unitsOnTime: 2, ...rest }, RULES, NOW);
}

/** Days up to and with 14 April; `changed` says what is different about some of them. */
function days(count: number, changed: Record<string, Partial<TestDay>> = {}): TestDay[] {
  return Array.from({ length: count }, (_, index) => addDays('2026-04-14', index + 1 - count)).map((date) =>
    aDay(date, changed[date]),
  );
}

describe('a day is not stable', () => {
  test.each<[string, Partial<TestDay>]>([
    ['that was late, however complete it is by now', { onTime: 89 }],
    ['on which nothing was due', { due: 0, present: 0, onTime: 0 }],
    ['on which more than one line in twenty was rejected', { quarantined: 1 }],
    ['on which one of the listed units sent nothing, however much the others did', { unitsOnTime: 1 }],
    ['whose completeness only rounds to the figure', { due: 100_000, onTime: 89_999 }],
  ])('%s', (_what, rest) => expect(aDay('2026-04-01', rest).isStable).toBe(false));

  test('but at the figures themselves it is', () => {
    expect(aDay('2026-04-01', { onTime: 90, lines: 20, quarantined: 1 })).toMatchObject({
      isStable: true,
      completeness: 90,
      errorRate: 5,
    });
  });
});

describe('the run', () => {
  test('of a month is long enough from the same day of the next month on, not before', () => {
    // 15 March to 14 April is a month; 16 March to 14 April is none.
    expect(stableRun(days(31), RULES, NOW)).toEqual({
      from: '2026-03-15',
      to: '2026-04-14',
      days: 31,
      isLongEnough: true,
      earliest: '2026-04-14',
    });
    expect(stableRun(days(30), RULES, NOW)).toMatchObject({ isLongEnough: false, earliest: '2026-04-15' });
  });

  test('begins anew after a day that was not stable', () => {
    const broken = { '2026-04-10': { onTime: 10 } };
    expect(stableRun(days(60, broken), RULES, NOW)).toMatchObject({
      from: '2026-04-11',
      days: 4,
      isLongEnough: false,
    });
  });

  test('is not broken by the last day while its deadline is open, but by rejected lines at once', () => {
    // The 14th may come until midnight of the 15th.
    expect(stableRun(days(40, { '2026-04-14': { onTime: 0 } }), RULES, NOW)).toMatchObject({
      to: '2026-04-13',
      isLongEnough: true,
    });
    expect(stableRun(days(40, { '2026-04-14': { onTime: 0, quarantined: 9 } }), RULES, NOW)).toMatchObject({
      from: null,
      days: 0,
      isLongEnough: false,
      earliest: '2026-05-14',
    });
    expect(stableRun(days(40, { '2026-04-13': { onTime: 0 } }), RULES, NOW)).toMatchObject({
      from: '2026-04-14',
      days: 1,
    });
  });

  test('is none where nothing was ever sent', () => {
    expect(stableRun([], RULES, NOW)).toMatchObject({ from: null, days: 0, isLongEnough: false });
  });
});

test('days and months are those of China’s calendar', () => {
  expect(dayInChina(new Date('2026-04-14T16:00:00Z'))).toBe('2026-04-15');
  expect(dayInChina(new Date('2026-04-14T15:59:59Z'))).toBe('2026-04-14');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2028-01-31', 1)).toBe('2028-02-29');
  expect(addMonths('2026-11-20', -2)).toBe('2026-09-20');
});
