import { type Ask } from '../../../../subgraphs/metering/quality/judging/judge-stored.js';
import { runQualityNight } from '../../../../subgraphs/metering/quality/nights/repository.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1', registered_at: '2026-01-01T00:00:00Z' });
});

const dateOf = (day: number): string => new Date(Date.UTC(2026, 1, day)).toISOString().slice(0, 10);
/** Days of February 2026 and what comes after; one value of some is another. */
const upload = (first: number, last: number, high: Record<number, number> = {}): Promise<unknown> =>
  world.upload(
    Array.from({ length: last - first + 1 }, (_, at) => {
      const values = Array.from({ length: 24 }, (__, hour) => 10 + (hour % 5) / 10);
      values[7] = high[first + at] ?? values[7]!;
      return `${JSON.stringify({ meter: 'm1', date: dateOf(first + at), interval: 60, values })}\n`;
    }).join(''),
  );
const nights = async (first: number, last: number): Promise<void> => {
  for (let day = first; day <= last; day++)
    await world
      .session('hub', { 'quality:write': { areas: [''], subjects: [] } })
      .transaction((client) =>
        runQualityNight((async (sql, bound) => (await client.query(sql, bound)).rows) as Ask, dateOf(day)),
      );
};
const jumps = (): Promise<object[]> =>
  world.rows(
    `select date::text, first_interval as first, last_interval as last, found_by as by, evidence from metering.finding
     where rule = 'JUMP' and superseded_at is null order by date`,
  );
const marks = (day: number): Promise<object[]> =>
  world.rows(
    `select encode(quality, 'hex') as bits, marked from metering.day_block join metering.quality_day using (date, meter)
     where date = $1`,
    [dateOf(day)],
  );

test('no day jumps before there are enough days before it, nor at so many times the usual', async () => {
  await upload(1, 12, { 7: 900, 9: 52, 11: 51.9 });
  await nights(1, 12);

  // Of seven days before, the largest of the seventh is among the five in a hundred that are not usual.
  expect(await jumps()).toEqual([]);
});

test('history that came at once is judged day by day, by the days before each', async () => {
  await upload(1, 12, { 9: 52.1, 11: 900 });
  expect(await jumps()).toEqual([]);
  await nights(1, 12);

  const bound = '52.0';
  expect(await jumps()).toEqual([
    { date: dateOf(9), first: 7, last: 7, by: 'NIGHTLY', evidence: { count: '1', value: '52.1', bound } },
    { date: dateOf(11), first: 7, last: 7, by: 'NIGHTLY', evidence: { count: '1', value: '900', bound: '260.5' } },
  ]); // prettier-ignore
  expect(await marks(9)).toEqual([{ bits: '800000', marked: 1 }]);
  expect(await marks(10)).toEqual([{ bits: '', marked: 0 }]);
});

test('again is the same, and a day that is written anew is judged anew', async () => {
  await upload(1, 9, { 9: 900 });
  await nights(1, 9);
  const before = await world.rows('select * from metering.finding order by id');
  const kept = await marks(9);
  await nights(1, 9);
  expect(await world.rows('select * from metering.finding order by id')).toEqual(before);
  expect(await marks(9)).toEqual(kept);

  await upload(9, 9, { 9: 12 });
  await nights(9, 9);
  expect(await jumps()).toEqual([]);
  expect(await marks(9)).toEqual([{ bits: '', marked: 0 }]);
});

test('history from before what is known is judged by what came before it, and changes nothing of what is known', async () => {
  await upload(20, 29);
  await nights(20, 29);
  await world.rows('update metering.usual_maximum set per_hour = per_hour * 1000');
  await upload(1, 9, { 9: 900 });
  await nights(1, 9);

  expect(await jumps()).toMatchObject([{ date: dateOf(9), by: 'NIGHTLY' }]);
  expect(
    await world.rows('select until::text, per_hour > 10000 as is_so from metering.usual_maximum'),
  ).toEqual([{ until: dateOf(29), is_so: true }]);
});

test('what an upload found by what it knew is not found again', async () => {
  await upload(1, 8);
  await nights(1, 8);
  await upload(9, 9, { 9: 900 });
  await nights(9, 9);

  expect(await jumps()).toMatchObject([{ date: dateOf(9), by: 'INGEST' }]);
  expect(await world.rows(`select count(*)::integer as cases from metering.quality_case where rule = 'JUMP'`)).toEqual([
    { cases: 1 },
  ]); // prettier-ignore
});
