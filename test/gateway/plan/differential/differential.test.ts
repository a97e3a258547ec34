import { type Compared, Comparison } from './compare.js';

describe('plans are executed as @apollo/gateway executes them', () => {
  let comparison: Comparison;
  let compared: Compared;
  beforeAll(async () => {
    comparison = await Comparison.open();
    compared = await comparison.run(1, 400);
  });
  afterAll(() => comparison.close());

  test('value by value and error by error', () => {
    expect(compared.differences.slice(0, 3)).toEqual([]);
  });

  test('in operations of which many have errors and nulls', () => {
    expect(compared.withErrors).toBeGreaterThan(100);
    expect(compared.withNulls).toBeGreaterThan(100);
    expect(compared.passedOn).toBeGreaterThan(20);
  });
});
