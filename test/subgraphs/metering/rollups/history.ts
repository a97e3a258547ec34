import fc from 'fast-check';
import { correctableDays } from '../../../../subgraphs/metering/corrections/repository.js';
import type { ReadingsWorld } from '../readings/readings-world.js';

/** Meters of the history: kinds of interval, two of them in one house, one that belongs to nobody's house, and a chain. */
export const METERS = [
  { id: 'q1', interval_minutes: 15, building: '310101A001' },
  { id: 'q2', interval_minutes: 15, building: '310101A001' },
  { id: 'h1', interval_minutes: 60, building: '310101B002', energy_item: '01A00', level: 2 },
  { id: 'd1', interval_minutes: 1440, building: null },
  { id: 'e1', interval_minutes: 60, energy_item: '01A00' },
  { id: 'e2', interval_minutes: 60, energy_item: '01B00', level: 2, parent: 'e1' },
  { id: 'e3', interval_minutes: 60, energy_item: '01A00', level: 3, parent: 'e2' },
];
const DAYS = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02'];

const meter = fc.constantFrom(...METERS);
const date = fc.constantFrom(...DAYS);
const value = fc.option(
  fc.integer({ min: -2_000, max: 900_000 }).map((number) => number / 1_000),
  { freq: 8 },
);
const line = fc
  .tuple(meter, date, fc.array(value, { minLength: 1, maxLength: 8 }))
  .map(([one, day, some]) => {
    const interval = one.interval_minutes;
    const values = Array.from({ length: 1440 / interval }, (_, place) => some[place % some.length]!);
    return { meter: one.id, date: day, interval, values };
  });
const lines = fc.array(line, { minLength: 1, maxLength: 6 });

/** What may happen to a district's meters and days. */
export const step = fc.oneof(
  fc.record({ kind: fc.constant('upload' as const), lines }),
  fc.record({ kind: fc.constant('twice at once' as const), lines, others: lines }),
  fc.record({ kind: fc.constant('readings' as const), date, hour: fc.integer({ min: 10, max: 22 }), value }),
  fc.record({ kind: fc.constant('correction' as const), line }),
  fc.record({ kind: fc.constant('aborted' as const), line }),
  fc.record({ kind: fc.constant('retired' as const), meter }),
  fc.record({ kind: fc.constant('all at once' as const) }),
  fc.record({
    kind: fc.constant('registered anew' as const),
    meter,
    change: fc.constantFrom(
      { building: '310104C003', area: '310104', subject: 'B' },
      { building: '310101A001', area: '310101', subject: 'A' },
      { building: null },
      { energy_item: '01B00' },
      { energy_item: '01A00' },
      { level: 1 },
      { level: 3 },
      { level: 3, parent: 'h1' },
      { level: 2, parent: 'e1' },
      { parent: 'e2' },
      { parent: null },
      { parent: null, energy_item: '01A00' },
      { unit: 'MWh' },
    ),
  }),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const ndjson = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const EVERYWHERE = { areas: [''], subjects: [] };

/** Lets it happen, through the doors that there are. */
export async function happen(world: ReadingsWorld, one: Step): Promise<void> {
  const uploader = world.session('city', { 'readings:write': EVERYWHERE, 'batches:read': EVERYWHERE });
  const upload = (rows: object[]): Promise<unknown> => world.upload(ndjson(rows), {}, uploader);
  switch (one.kind) {
    case 'upload':
      await upload(one.lines);
      await upload(one.lines);
      return;
    case 'twice at once':
      await Promise.all([upload(one.lines), upload(one.others), upload(one.lines.toReversed())]);
      return;
    case 'readings':
      await upload([{ meter: 'q1', time: `${one.date}T${one.hour}:15:00+08:00`, value: one.value }]);
      return;
    case 'correction':
      return correct(world, one.line);
    case 'aborted':
      await world.admin.query(
        `begin; update metering.day_block set total = total + 1;
         delete from metering.day_block where meter = '${one.line.meter}'; rollback`,
      );
      return;
    case 'retired':
      await world.admin.query(`update metering.meter set retired_on = '2026-02-02' where id = $1`, [
        one.meter.id,
      ]);
      return;
    case 'registered anew':
      return registerAnew(world, one.meter.id, one.change);
    case 'all at once':
      await world.admin.query(`update metering.meter set energy_item = case energy_item
        when '01A00' then '01B00' when '01B00' then '01A00' else energy_item end`);
  }
}

/** By hand, as what has readings keeps its unit otherwise. A parent that is not above is refused; the history goes on. */
async function registerAnew(world: ReadingsWorld, id: string, change: object): Promise<void> {
  const columns = Object.keys(change).map((name, place) => `${name} = $${place + 2}`);
  await world.admin.query(`set hub.by_hand = 'on'`);
  await world.admin
    .query(`update metering.meter set ${columns.join(', ')} where id = $1`, [id, ...Object.values(change)])
    .catch((error: { constraint?: string }) => {
      if (error.constraint !== 'meter_below_parent') throw error;
    });
  await world.admin.query('reset hub.by_hand');
}

let corrections = 0;
async function correct(
  world: ReadingsWorld,
  {
    meter: record,
    date: day,
    interval,
    values,
  }: { meter: string; date: string; interval: number; values: (number | null)[] },
): Promise<void> {
  const [stored] = await world.rows<{ version: number }>(
    'select version from metering.day_block where meter = $1 and date = $2',
    [record, day],
  );
  if (!stored) return;
  const organ = world.session('city', {
    'corrections:approve': EVERYWHERE,
    'readings:read': EVERYWHERE,
    'meters:read': EVERYWHERE,
  });
  const outcome = await correctableDays.apply(organ, {
    correction: `cor_${(corrections += 1)}`,
    proposedBy: 'district',
    target: { kind: 'METER_DAY', record, date: day },
    after: { interval, values: values.map((number) => (number === null ? null : String(number))) },
    version: stored.version,
  } as never);
  if (outcome.outcome !== 'APPLIED') throw new Error(`not applied: ${outcome.outcome}`);
}
