import fc from 'fast-check';
import { ReadingsWorld, testServer } from './readings-world.js';

/** Day number → `2026-03-0n`. */
const date = (day: number): string => `2026-03-0${day}`;
const NONE = null;

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  // Six-hourly readings are no interval of the hub's; a day of one value and of 24 are enough.
  await world.has({ id: 'r', kind: 'REGISTER', interval_minutes: 1440, register_digits: 5, multiplier: '1' });
});

type Value = number | string | null;

const day = (number: number, values: Value[], meter = 'r'): string =>
  `{"meter":"${meter}","date":"${date(number)}","interval":${1440 / values.length},"values":[${values.map((value) => value ?? 'null').join(',')}]}`;

/** 24 hourly readings: those given by hour, none elsewhere. */
const hours = (given: Record<number, Value>): Value[] =>
  Array.from({ length: 24 }, (_, hour) => given[hour + 1] ?? null);

const send = (...lines: string[]) => world.upload(lines.join('\n'));

/** Consumption by day, exact; a day without a block is missing. */
async function used(meter = 'r'): Promise<Record<string, (string | null)[]>> {
  const rows = await world.rows<{ date: string; values: string[] | null }>(
    `select date::text, (select array_agg(trim_scale(value * 10::numeric ^ -scale)::text order by place)
       from unnest(values) with ordinality as one (value, place)) as values
     from metering.day_block where meter = $1 order by date`,
    [meter],
  );
  return Object.fromEntries(rows.map((row) => [row.date.slice(-2), row.values ?? []]));
}

/** Hour → consumption of a day, where there is any. */
async function usedByHour(number: number): Promise<Record<number, string>> {
  const values = (await used())[`0${number}`] ?? [];
  return Object.fromEntries(values.flatMap((value, hour) => (value === null ? [] : [[hour + 1, value]])));
}

async function device(row: Record<string, unknown>): Promise<void> {
  const all = { id: `dev-${Math.random()}`, meter: 'r', serial_number: 'S', multiplier: 1, ...row };
  const columns = Object.keys(all).join(', ');
  await world.rows(
    `insert into metering.device (${columns}) select ${columns} from jsonb_populate_record(null::metering.device, $1)`,
    [JSON.stringify(all)],
  );
}

async function quarantined(): Promise<{ reason: string; detail: string; content: string }[]> {
  return world.rows(
    `select reason, detail, convert_from(content, 'UTF8') as content from metering.quarantined_line order by batch, line`,
  );
}

// prettier-ignore
test.each([
  ['that runs backwards', [day(1, [500]), day(2, [400])], 'REGISTER_CONTRADICTION', 'at 2026-03-03 00:00 the register shows less'],
  ['that runs backwards within its day', [day(1, hours({ 1: 7, 2: 6 }))], 'REGISTER_CONTRADICTION', 'at 2026-03-01 02:00 the register'],
  ['that leaps over more than half of the range', [day(1, [10]), day(2, [50_011])], 'REGISTER_CONTRADICTION', 'more than half'],
  ['of more digits than it has', [day(1, [100_000])], 'BAD_NUMBER', 'the register has 5 digits'],
  ['below 0', [day(1, [-1])], 'BAD_NUMBER', 'at least 0'],
  ['that what came later contradicts', [day(3, [500]), day(1, [600])], 'REGISTER_CONTRADICTION', 'at 2026-03-04 00:00'],
  ['given twice', [day(1, [1]), '{"meter":"r","time":"2026-03-02T00:00","value":1}'], 'DUPLICATE_LINE', '2026-03-01'],
  ['at no end of an interval', ['{"meter":"r","time":"2026-03-02T01:00","value":1}'], 'WRONG_INTERVAL_COUNT', 'no end of a 1440-minute interval'],
])('a register %s is quarantined as it was sent, and changes nothing', async (_what, lines, reason, detail) => {
  const last = lines.at(-1)!;
  await send(...lines.slice(0, -1));
  const before = await used();
  const both = await send(...lines);
  expect(both).toMatchObject({ quarantined: 1, reasons: { [reason]: 1 } });
  expect(await quarantined()).toMatchObject([{ reason, content: last, detail: expect.stringContaining(detail) as string }]);
  expect(await used()).toEqual(before);
});

test('a reading at a time when no device stood there is quarantined', async () => {
  await device({
    installed_at: '2026-03-01 00:00+08',
    removed_at: '2026-03-02 12:00+08',
    first_register: 0,
    last_register: 9,
  });
  expect(await send(day(1, [5]), day(2, [11]))).toMatchObject({ accepted: 1, quarantined: 1 });
  expect(await quarantined()).toMatchObject([
    { detail: expect.stringContaining('no device stood there') as string },
  ]);
});

test('what was used is the difference of readings times the multiplier, exact; before the first there is none', async () => {
  await world.has({ id: 'ct', kind: 'REGISTER', interval_minutes: 1440, multiplier: '1.5' });
  const sent = await send(day(1, ['10.1'], 'ct'), day(2, ['10.3'], 'ct'), day(3, ['10.300001'], 'ct'));
  expect(sent).toMatchObject({ accepted: 2, quarantined: 1, reasons: { BAD_NUMBER: 1 }, readings: 2 });
  expect(await used('ct')).toEqual({ '01': [NONE], '02': ['0.3'] });
});

test('a register that begins again at 0 went on', async () => {
  await send(day(1, ['99998.5']), day(2, ['99999.9']), day(3, [0]), day(4, [2]));
  expect(await used()).toEqual({ '01': [NONE], '02': ['1.4'], '03': ['0.1'], '04': ['2'] });
});

test('the same again is unchanged, another value a new version, and both registers stay', async () => {
  expect(await send(day(1, [10]), day(2, [15]))).toMatchObject({ accepted: 2 });
  expect(await send(day(1, [10]), day(2, [15]))).toMatchObject({ unchanged: 2 });
  expect(await send(day(2, [17]))).toMatchObject({ corrected: 1 });
  expect(await used()).toEqual({ '01': [NONE], '02': ['7'] });
  const versions = await world.rows(
    `select version, values from metering.register_day where date = '2026-03-02'
     union all select version, values from metering.register_day_superseded`,
  );
  expect(versions).toEqual([
    { version: 2, values: ['17'] },
    { version: 1, values: ['15'] },
  ]);
  const blocks = await world.rows(`select version from metering.day_block order by date`);
  expect(blocks).toEqual([{ version: 1 }, { version: 2 }]);
});

test('a late day changes the first interval of the day after it, and nothing else there', async () => {
  await send(day(1, hours({ 24: 100 })), day(3, hours({ 1: 130, 2: 131 })));
  expect(await usedByHour(3)).toEqual({ 1: '30', 2: '1' });
  await world.rows(
    `update metering.day_block set values[5] = 77, total = total + 77, present = present + 1 where date = '2026-03-03'`,
  );

  await send(day(2, hours({ 12: 110, 24: 129 })));

  expect(await usedByHour(2)).toEqual({ 12: '10', 24: '19' });
  expect(await usedByHour(3)).toEqual({ 1: '1', 2: '1', 5: '77' });
});

test('after a gap the sum stands where the register is read again, and the gap has none', async () => {
  await send(day(1, hours({ 1: 5, 2: 6, 6: 20, 7: 21 })));
  expect(await usedByHour(1)).toEqual({ 2: '1', 6: '14', 7: '1' });
  expect(await world.rows('select present, total from metering.day_block')).toEqual([
    { present: 3, total: '16' },
  ]);
});

test('single readings stand at the end of their intervals, midnight at the end of the day before', async () => {
  await world.has({ id: 'h', kind: 'REGISTER', interval_minutes: 60 });
  const reading = (time: string, value: number): string => `{"meter":"h","time":"${time}","value":${value}}`;
  await send(reading('2026-03-02T00:00', 5), reading('2026-03-02T02:00', 9), reading('2026-03-02T01:00', 6));
  const values = await used('h');
  expect(values['01']).toEqual(Array(24).fill(null));
  expect(values['02']?.slice(0, 3)).toEqual(['1', '3', null]);
});

test('a change of meter in the middle of a day: the rest of the old and the beginning of the new, each with its multiplier', async () => {
  await device({
    installed_at: '2026-03-01 00:00+08',
    removed_at: '2026-03-02 10:30+08',
    first_register: 100,
    last_register: 180,
    register_digits: 5,
    multiplier: 2,
  });
  await device({
    installed_at: '2026-03-02 10:30+08',
    first_register: 3,
    register_digits: 5,
    multiplier: 10,
  });

  await send(day(1, hours({ 12: 110, 24: 150 })), day(2, hours({ 10: 170, 11: 4, 12: 6 })));

  expect(await usedByHour(1)).toEqual({ 12: '20', 24: '80' });
  expect(await usedByHour(2)).toEqual({ 10: '40', 11: '30', 12: '20' });
});

test('two uploads at once of days beside each other come to what one after the other would', async () => {
  for (let round = 1; round <= 5; round++) {
    await world.clear();
    await world.has({ id: 'r', kind: 'REGISTER', interval_minutes: 1440 });
    await send(day(1, [10]));
    await Promise.all([send(day(2, [12])), send(day(3, [17])), send(day(4, [18]))]);
    expect(await used()).toEqual({ '01': [NONE], '02': ['2'], '03': ['5'], '04': ['1'] });
  }
});

test('in whatever order and pieces days arrive, what was used is the same, and sums to the difference', async () => {
  const registers = fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 4, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(registers, fc.integer(), async (steps, seed) => {
      await world.clear();
      await world.has({ id: 'r', kind: 'REGISTER', interval_minutes: 1440, register_digits: 3 });
      let register = 900;
      const lines = steps.map((step, index) => day(index + 1, [(register = (register + step) % 1000)]));
      const shuffled = lines.toSorted(
        (one, other) => ((one.length * 7 + seed) % 5) - ((other.charCodeAt(30) + seed) % 3),
      );
      const half = Math.ceil(shuffled.length / 2);
      await send(...shuffled.slice(0, half));
      await send(...shuffled.slice(half));
      const found = Object.values(await used()).map(([value]) => value);
      expect(found).toEqual([NONE, ...steps.slice(1).map(String)]);
    }),
    { numRuns: 12, seed: 4 },
  );
});
