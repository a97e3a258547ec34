import { demoCity, type DayLine, type DemoCity } from '../../scripts/demo/city.js';
import { readReference } from '../../subgraphs/runtime/reference.js';

/** A whole month, so that its days add up to the reference figure of a month. */
const october = demoCity({ until: '2026-10-31', days: 31 });
const buildingsRoom = new URL('../../subgraphs/buildings/room.ts', import.meta.url).href;

function linesOf(city: DemoCity, date: string): Map<string, DayLine> {
  return new Map([...city.dayLines(date)].map((line) => [line.meter, line]));
}

/** Exact: hundredths are whole numbers. */
function hundredths(values: (number | null)[]): number[] {
  return values.map((value) => Math.round((value ?? 0) * 100));
}

test('cities of different last days agree on the days they share, but for the faults', () => {
  const later = demoCity({ until: '2026-11-05', days: 31 });
  const faulty = new Set([...october.faults, ...later.faults].map((fault) => `${fault.meter}/${fault.date}`));
  const other = linesOf(later, '2026-10-20');
  for (const line of october.dayLines('2026-10-20')) {
    if (!faulty.has(`${line.meter}/${line.date}`)) expect(other.get(line.meter)).toEqual(line);
  }
});

test('a day is 96 values of at most two decimals, and an area can be taken alone', () => {
  const lines = [...october.dayLines('2026-10-12')];
  for (const { meter, interval, values } of lines) {
    expect([meter, interval, values.length]).toEqual([meter, 15, 96]);
    for (const value of values) expect(JSON.stringify(value)).toMatch(/^(null|-?\d+(\.\d{1,2})?)$/);
  }
  const huangpu = [...october.dayLines('2026-10-12', '310101')];
  expect(huangpu).toEqual(lines.filter(({ meter }) => meter.startsWith('310101')));
  expect(huangpu.length).toBeGreaterThan(0);
});

test.each(['2026-10-12', '2026-10-17'])(
  'on %s parts stay below their whole in every quarter-hour',
  (date) => {
    const lines = linesOf(october, date);
    const faulty = new Set(october.faults.filter((fault) => fault.date === date).map((fault) => fault.meter));
    const families = Map.groupBy(october.meters, (meter) => meter.parentId);
    let compared = 0;
    for (const [parent, children] of families) {
      if (parent === null || [parent, ...children.map(({ id }) => id)].some((id) => faulty.has(id))) continue;
      const whole = hundredths(lines.get(parent)?.values ?? []);
      const parts = children.map(({ id }) => hundredths(lines.get(id)?.values ?? []));
      for (const [quarter, value] of whole.entries()) {
        expect(parts.reduce((sum, part) => sum + (part[quarter] ?? 0), 0)).toBeLessThan(value);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(96 * 150);
  },
);

test('a month of a faultless building comes within a quarter of the figure for its kind', () => {
  const reference = new Map(
    readReference(buildingsRoom, 'monthly_eui.csv')
      .filter((row) => row['month'] === '10')
      .map((row) => [row['archetype'], Number(row['kwh_per_m2'])]),
  );
  const totals = new Map<string, number>();
  for (const date of october.dates) {
    for (const { meter, values } of october.dayLines(date)) {
      if (!meter.endsWith('-01000-1')) continue;
      totals.set(
        meter,
        hundredths(values).reduce((sum, value) => sum + value, totals.get(meter) ?? 0),
      );
    }
  }
  const faulty = new Set(october.faults.map((fault) => fault.meter));
  for (const { id, archetype, floorAreaM2 } of october.buildings) {
    if (faulty.has(`${id}-01000-1`)) continue;
    const perM2 = (totals.get(`${id}-01000-1`) ?? 0) / 100 / Number(floorAreaM2);
    const ratio = perM2 / (reference.get(archetype) ?? Number.NaN);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
  }
});

test('offices rest at the weekend, shops do not, and nights are quieter than days', () => {
  const total = (id: string, date: string) =>
    hundredths(linesOf(october, date).get(`${id}-01000-1`)?.values ?? []).reduce(
      (sum, value) => sum + value,
      0,
    );
  const [monday, saturday] = ['2026-10-12', '2026-10-17'];
  expect(total('310101A001', saturday)).toBeLessThan(total('310101A001', monday) * 0.7);
  expect(total('310101B001', saturday)).toBeGreaterThan(total('310101B001', monday));
  const day = hundredths(linesOf(october, monday).get('310101A001-01000-1')?.values ?? []);
  expect(day[12] ?? 0).toBeLessThan((day[56] ?? 0) * 0.4);
});

describe.each([3, 7, 30])('in a city of %i days', (days) => {
  const city = demoCity({ until: '2026-10-31', days });

  test('every fault that is listed is there, of every kind', () => {
    expect(new Set(city.faults.map(({ kind }) => kind))).toEqual(
      new Set(['MISSING_DAY', 'MISSING_INTERVALS', 'STUCK', 'ZERO_RUN', 'JUMP', 'NEGATIVE']),
    );
    for (const { meter, date, kind, from, to } of city.faults) {
      expect(city.dates).toContain(date);
      const values = linesOf(city, date).get(meter)?.values;
      if (kind === 'MISSING_DAY') {
        expect(values).toBeUndefined();
        continue;
      }
      const inside = values?.slice(from, to) ?? [];
      const before = values?.[from === 0 ? to : from - 1] ?? 0;
      expect(inside).toHaveLength(to - from);
      if (kind === 'MISSING_INTERVALS') expect(inside.every((value) => value === null)).toBe(true);
      if (kind === 'STUCK') expect(new Set(inside).size).toBe(1);
      if (kind === 'ZERO_RUN') expect(new Set(inside)).toEqual(new Set([0]));
      if (kind === 'JUMP') expect(inside[0]).toBeGreaterThan(before * 20);
      if (kind === 'NEGATIVE') expect(inside[0]).toBeLessThan(0);
    }
  });

  test('every meter without a fault reports every day, whole', () => {
    const faulty = new Set(city.faults.map(({ meter, date }) => `${meter}/${date}`));
    for (const date of city.dates) {
      const lines = linesOf(city, date);
      for (const { id } of city.meters) {
        if (faulty.has(`${id}/${date}`)) continue;
        expect(lines.get(id)?.values.every((value) => value !== null && value >= 0)).toBe(true);
      }
    }
  });
});
