import fc from 'fast-check';
import { apportioned, rounded } from '../../../../subgraphs/metering/estimates/making/ratios.js';
import { made } from './measured.js';

/** Monday 5 to Monday 12 January 2026; the 3rd, 4th, 10th and 11th are a weekend. */
const WEEK = {
  '2026-01-05': [1, 2, 3, 4],
  '2026-01-06': [2, 4, 6, 8],
  '2026-01-07': [3, 3, 3, 6],
  '2026-01-08': [1, null, null, 4],
  '2026-01-09': [5, 5, 5, 5],
};

describe('refusals', () => {
  // prettier-ignore
  test.each([
    ['a day of which nothing is missing', 'LINEAR', '2026-01-05', {}, 'Nothing is missing'],
    ['a straight line without an end', 'LINEAR', '2026-01-10', {}, 'right before and right after; there is none right after 2026-01-11 interval 3'],
    ['a straight line from a value with a finding', 'LINEAR', '2026-01-08', { marked: { '2026-01-08': [0] } }, 'there is none right before 2026-01-08 interval 1'],
    ['a week ago that never came', 'SAME_DAY_LAST_WEEK', '2026-01-08', {}, 'needs 2 measured values without a finding seven days before, from 2026-01-08 interval 1 on; there are 0'],
    ['too few like days', 'LOAD_PROFILE', '2026-01-10', {}, 'needs 3 NON_WORKING days measured whole and without a finding in the 28 days before 2026-01-10; there are 0'],
    ['like days with findings', 'LOAD_PROFILE', '2026-01-08', { marked: { '2026-01-06': [3] } }, 'needs 3 WORKING days measured whole and without a finding in the 28 days before 2026-01-08; there are 2'],
    ['a value given for what was measured', 'MANUAL', '2026-01-08', { values: [1, 2, null, null] }, '2026-01-08 interval 0 was measured'],
    ['a value below what the rule allows', 'MANUAL', '2026-01-08', { values: [null, -0.5, 1, null] }, '2026-01-08 interval 1 would be -0.5, below 0'],
  ] as const)('%s', (_what, method, date, more, message) => {
    expect(() => made(method, date, date, { days: WEEK, ...(more as object) })).toThrow(message);
  });
});

describe('each method, worked out by hand', () => {
  test('LINEAR: from 1 to 4 over two intervals is 2 and 3', () => {
    expect(made('LINEAR', '2026-01-08', '2026-01-08', { days: WEEK })).toMatchObject({
      '2026-01-08': {
        values: [null, '2', '3', null],
        isBounded: false,
        parameters: { '1.before': '1', '1.after': '4' },
        madeFrom: [{ date: '2026-01-08', version: 1 }],
      },
    });
  });

  test('LINEAR: a gap over midnight is one line; a day that was not asked for keeps its own part', () => {
    const days = { '2026-01-05': [1, 1, 1, null], '2026-01-06': [null, null, 5, 5] };
    expect(made('LINEAR', '2026-01-06', '2026-01-06', { days })).toMatchObject({
      '2026-01-06': { values: ['3', '4', null, null], parameters: { '0.before': '1', '0.after': '5' } },
    });
  });

  test('LINEAR: thirds are rounded two places finer than what they are made of, halves away from zero', () => {
    const days = { '2026-01-05': [0, null, null, 1] };
    expect(made('LINEAR', '2026-01-05', '2026-01-05', { days })).toMatchObject({
      '2026-01-05': { values: [null, '0.333', '0.667', null] },
    });
    expect([rounded({ of: 5n, by: 2n }, 1n), rounded({ of: -5n, by: 2n }, 1n)]).toEqual([3n, -3n]);
  });

  test('SAME_DAY_LAST_WEEK: what the rule of the case rejects is estimated, and said to be replaced', () => {
    const days = { ...WEEK, '2026-01-12': [1, -7, null, 4] };
    const given = { days, rejected: { '2026-01-12': [1] } };
    expect(made('SAME_DAY_LAST_WEEK', '2026-01-12', '2026-01-12', given)).toMatchObject({
      '2026-01-12': { values: [null, '2', '3', null], replaced: [null, -7_000_000n, null, null] },
    });
  });

  test('LOAD_PROFILE: three working days of 6, 9, 12 and 18 in all; half of that was measured', () => {
    // 1 + 4 measured of 6 + 18: the gap is 9 and 12 times 5/24, 1.875 and 2.5.
    expect(made('LOAD_PROFILE', '2026-01-08', '2026-01-08', { days: WEEK })).toMatchObject({
      '2026-01-08': {
        values: [null, '1.875', '2.5', null],
        parameters: {
          '1.dayKind': 'WORKING',
          '1.days': '3',
          '1.scaledTo': 'MEASURED_PART',
          '1.measured': '5',
        },
        madeFrom: [
          { date: '2026-01-05', version: 1 },
          { date: '2026-01-06', version: 1 },
          { date: '2026-01-07', version: 1 },
        ],
      },
    });
  });

  test('LOAD_PROFILE: of a day that never came it is the mean of the like days', () => {
    const { '2026-01-08': _, '2026-01-09': __, ...days } = WEEK;
    expect(made('LOAD_PROFILE', '2026-01-08', '2026-01-08', { days })).toMatchObject({
      '2026-01-08': { values: ['2', '3', '4', '6'], parameters: { '0.scaledTo': 'NOTHING' } },
    });
  });

  test('MANUAL: as given, and what is not given stays missing', () => {
    expect(
      made('MANUAL', '2026-01-08', '2026-01-08', { days: WEEK, values: [null, 1.5, null, null] }),
    ).toMatchObject({
      '2026-01-08': { values: [null, '1.5', null, null], madeFrom: [] },
    });
  });
});

describe('a counter that was not read', () => {
  /** Read at 06:00 and 24:00: the last interval holds what was used since 06:00. */
  const unread = {
    kind: 'REGISTER' as const,
    days: { '2026-01-05': [1, 1, 1, 2], '2026-01-06': [1, null, null, 9] },
  };

  test('the estimates meet its total exactly, the interval that gathered it among them, and say so', () => {
    const days = { ...unread.days, '2026-01-07': [3, 3, 3, 3] };
    // Right before 1, right after 3: 1.5, 2 and 2.5 of 6, brought to 9.
    expect(made('LINEAR', '2026-01-06', '2026-01-06', { ...unread, days })).toMatchObject({
      '2026-01-06': {
        values: [null, '2.25', '3', '3.75'],
        replaced: [null, null, null, 9_000_000n],
        isBounded: true,
        gapFrom: '2026-01-06',
        gapTo: '2026-01-06',
        parameters: { '1.counter': '9' },
      },
    });
  });

  test('MANUAL has to meet the total, too', () => {
    const give = (values: (number | null)[]) => () =>
      made('MANUAL', '2026-01-06', '2026-01-06', { ...unread, values });
    expect(give([null, 1, 2, 5])).toThrow('the counter says 9');
    expect(give([null, 1, null, 8])).toThrow('some are missing');
    expect(give([null, 1, 2, 6])()).toMatchObject({ '2026-01-06': { values: [null, '1', '2', '6'] } });
  });

  test('a part of what one reading counts together is not estimated', () => {
    const days = { '2026-01-05': [1, 1, 1, null], '2026-01-06': [9, 1, 1, 1] };
    const ask = (from: string, to: string) => () => made('LINEAR', from, to, { ...unread, days });
    expect(ask('2026-01-06', '2026-01-06')).toThrow('Nothing is missing');
    const two = { ...days, '2026-01-05': [1, 1, null, null], '2026-01-06': [null, 9, 1, 1] };
    const late = () => made('LINEAR', '2026-01-06', '2026-01-06', { ...unread, days: two });
    expect(late).toThrow('The counter was last read on 2026-01-05 or earlier');
    expect(ask('2026-01-05', '2026-01-05')).toThrow('was not read again by the end of the last day');
    expect(ask('2026-01-05', '2026-01-06')()).toMatchObject({
      '2026-01-05': { values: [null, null, null, '4.5'], gapTo: '2026-01-06' },
      '2026-01-06': { values: ['4.5', null, null, null], gapFrom: '2026-01-05' },
    });
  });
});

test('whatever the total and the weights, the shares meet it exactly and none is off by a step', () => {
  const weight = fc.record({ of: fc.bigInt(-5n, 1_000_000n), by: fc.bigInt(1n, 60n) });
  fc.assert(
    fc.property(
      fc.bigInt(-(10n ** 12n), 10n ** 12n),
      fc.array(weight, { minLength: 1, maxLength: 30 }),
      (steps, weights) => {
        const shares = apportioned(steps * 100n, weights, 100n);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(steps * 100n);
        const positive = weights.map(({ of, by }) => (of > 0n ? Number(of) / Number(by) : 0));
        const sum = positive.reduce((one, other) => one + other, 0);
        shares.forEach((share, place) => {
          const exact = sum === 0 ? Number(steps) / weights.length : (Number(steps) * positive[place]!) / sum;
          expect(Math.abs(Number(share) / 100 - exact)).toBeLessThan(1.01);
        });
      },
    ),
  );
});
