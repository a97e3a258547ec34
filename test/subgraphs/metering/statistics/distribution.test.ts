import type { Reported } from '../../../../subgraphs/metering/statistics/cells.js';
import { distributionsOf } from '../../../../subgraphs/metering/statistics/peers/distribution.js';

const RULES = { fewestSubjects: 3, pPercent: 10, largestSharePercent: 85 };

/** Buildings of 100 m², each of its own owner unless said otherwise. */
function buildings(
  count: number,
  amount = (place: number): bigint => BigInt(place * 100_000_000),
): Reported[] {
  return Array.from({ length: count }, (_, place) => ({
    ...{ area: '310101', building: `310101A${String(place).padStart(3, '0')}`, subject: `owner ${place}` },
    ...{ energyItem: '01000', unit: 'kWh', amount: amount(place + 1) },
  }));
}

const floors = (reported: Reported[]): Map<string, bigint> =>
  new Map(reported.map(({ building }) => [building, 10_000n]));

test('peers of fewer than ten owners are not told, nor such as one dominates', () => {
  const nine = buildings(9);
  expect(distributionsOf(nine, floors(nine), RULES)).toEqual([]);
  const chain = buildings(30).map((row, place) => ({ ...row, subject: `owner ${place % 9}` }));
  expect(distributionsOf(chain, floors(chain), RULES)).toEqual([]);
  const giant = buildings(12, (place) => (place === 12 ? 10n ** 15n : 1_000_000n));
  expect(distributionsOf(giant, floors(giant), RULES)).toEqual([]);
});

test('no percentile is the figure of one building: each is of three owners or more, to three figures', () => {
  const eleven = buildings(11, (place) => BigInt(place ** 3) * 123_456_789n);
  const [told] = distributionsOf(eleven, floors(eleven), RULES);
  const own = eleven.map(({ amount }) => Number(amount) / 1e8);
  expect(told).toMatchObject({ buildings: 11, subjects: 11, buildingType: 'A' });
  for (const percentile of [told!.p10, told!.p25, told!.p50, told!.p75, told!.p90]) {
    expect(own.filter((one) => Math.abs(one - Number(percentile)) < one * 0.005)).toEqual([]);
    expect(percentile.replace('.', '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(3);
  }
});

test('a building without a floor area is none of the peers', () => {
  const twelve = buildings(12);
  const known = floors(twelve);
  known.delete('310101A003');
  expect(distributionsOf(twelve, known, RULES)).toMatchObject([{ buildings: 11, subjects: 11 }]);
});
