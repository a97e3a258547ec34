import type { Caller } from '../../../world/caller.js';
import { recordConsents, aConsent } from '../../../world/admin.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, date, estimatesOf, hours, mustEstimate, sumOf } from './working.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  const ids = ['late', 'other', 'coarse', 'moment', 'corrected'];
  const registers = ['counter', 'read', 'withdrawn'].map((id) =>
    aMeter({ id, kind: 'REGISTER' as const, installedOn: date(1), intervalMinutes: 60 }),
  );
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [...ids.map((id) => aMeter({ id, installedOn: date(1) })), ...registers],
  });
}, 120_000);
afterAll(() => world.close());

const meter = (id: string): string => `meter(id: "${id}")`;
const changes = async (id: string): Promise<unknown[]> =>
  (await estimatesOf(district, id, true)).map(({ date: day, version, change, estimated, estimatedBy }) => [
    day,
    version,
    change,
    estimated,
    estimatedBy,
  ]);

test('what was measured counts as soon as it is here; the estimate of the rest stands', async () => {
  const gap = { 3: null, 4: null, 5: null };
  await district.upload([hours('late', 5, 1, gap)]);
  const id = await aCase(world, 'late', 'COMPLETENESS', [5]);
  await mustEstimate(district, id, 'LINEAR', [5, 5]);
  expect(await sumOf(district, meter('late'), [5, 5])).toMatchObject({
    estimatedValues: 3,
    isComplete: true,
  });
  await district.upload([hours('late', 5, 1, { ...gap, 4: 9 })]);
  expect(await sumOf(district, meter('late'), [5, 5])).toMatchObject({
    present: 22,
    estimatedValues: 2,
    isComplete: true,
  });
  await district.upload([hours('late', 5, 1)]);
  expect(await sumOf(district, meter('late'), [5, 5])).toMatchObject({
    total: '36',
    estimatedTotal: '0',
    estimatedValues: 0,
    isComplete: true,
  });
  expect(await changes('late')).toEqual([
    [date(5), 1, 'ESTIMATED', 3, 'district-310101'],
    [date(5), 2, 'SUPERSEDED', 2, 'hub'],
    [date(5), 3, 'SUPERSEDED', 0, 'hub'],
  ]);
  expect(await estimatesOf(district, 'late')).toEqual([]);
});

test('a day at another interval takes all of the estimate out, a correction what it corrects', async () => {
  await district.upload([hours('other', 5, 1, { 3: null }), hours('corrected', 5, 1, { 3: null, 7: null })]);
  for (const one of ['other', 'corrected'])
    await mustEstimate(district, await aCase(world, one, 'COMPLETENESS', [5]), 'LINEAR', [5, 5]);
  const quarters = Array.from({ length: 96 }, (_, place) => (place === 12 ? null : place % 3));
  await district.upload([{ meter: 'other', date: date(5), interval: 15, values: quarters }]);
  expect(await changes('other')).toMatchObject([{}, [date(5), 2, 'SUPERSEDED', 0, 'hub']]);
  await world.sql(
    `update metering.day_block set values[4] = 5, total = total + 5, present = present + 1 where meter = 'corrected'`,
  );
  expect(await changes('corrected')).toMatchObject([{}, [date(5), 2, 'SUPERSEDED', 1, 'hub']]);
});

test('the figures of a moment hold the estimates of that moment', async () => {
  await district.upload([hours('moment', 5, 1, { 3: null })]);
  const id = await aCase(world, 'moment', 'COMPLETENESS', [5]);
  const before = new Date().toISOString();
  await mustEstimate(district, id, 'LINEAR', [5, 5]);
  const between = new Date().toISOString();
  await district.upload([hours('moment', 5, 1, { 3: 4 })]);
  const at = (moment: string) =>
    sumOf(district, meter('moment'), [5, 5], `, withEstimates: true, asOf: "${moment}"`);
  expect(await at(before)).toMatchObject({ total: '34', estimatedTotal: '0', isComplete: false });
  expect(await at(between)).toMatchObject({ total: '34', estimatedTotal: '1', isComplete: true });
  expect(await at(new Date().toISOString())).toMatchObject({
    total: '38',
    estimatedTotal: '0',
    isComplete: true,
  });
});

/** Readings of a counter at the end of each hour, from 100 on; none at the hours named. */
function readings(id: string, day: number, step: number, unread: number[] = []): object {
  const values = Array.from({ length: 24 }, (_, hour) =>
    unread.includes(hour) ? null : 100 * day + step * (hour + 1) + (hour % 2) / 2,
  );
  return { meter: id, date: date(day), interval: 60, values };
}

describe('a counter that was not read', () => {
  test('counted on: what it gathered is spread over the gap, and the sum of both parts is what was measured', async () => {
    await district.upload([
      readings('counter', 5, 1),
      readings('counter', 6, 2, [5, 6, 7]),
      readings('counter', 7, 1),
    ]);
    const id = await aCase(world, 'counter', 'COMPLETENESS', [6]);
    const before = await sumOf(district, meter('counter'), [6, 6]);
    const [made] = await mustEstimate(district, id, 'LINEAR', [6, 6]);
    expect(made).toMatchObject({ estimated: 4, isBounded: true });
    expect(made!.total).toBe(made!.replacedTotal);
    expect(made!.replaced.filter(Boolean)).toEqual([made!.total]);
    const after = await sumOf(district, meter('counter'), [6, 6]);
    expect(after).toMatchObject({
      total: before.total,
      estimatedTotal: made!.total,
      replacedTotal: made!.total,
      isComplete: true,
    });
  });

  test('a reading that comes late takes the whole gap out, on whatever days it lies', async () => {
    const unread = Array.from({ length: 24 }, (_, hour) => hour);
    const evening = unread.slice(20);
    await district.upload([
      readings('read', 5, 1),
      readings('read', 6, 2, evening),
      readings('read', 8, 1, [0]),
    ]);
    const id = await aCase(world, 'read', 'NOT_UPLOADED', [6, 7]);
    const made = await mustEstimate(district, id, 'LINEAR', [6, 8]);
    expect(made.map(({ estimated }) => estimated)).toEqual([4, 24, 2]);
    const whole = await sumOf(district, meter('read'), [6, 8]);
    expect(whole.replacedTotal).toBe(whole.estimatedTotal);
    await district.upload([readings('read', 7, 1, unread.slice(1))]);
    expect(await sumOf(district, meter('read'), [6, 8])).toMatchObject({
      total: whole.total,
      estimatedTotal: '0',
      replacedTotal: '0',
    });
    expect(
      (await estimatesOf(district, 'read', true)).filter(({ supersededAt }) => !supersededAt),
    ).toMatchObject(
      [6, 7, 8].map((day) => ({ date: date(day), version: 2, change: 'SUPERSEDED', estimated: 0 })),
    );
  });
});

test('of a gap that a counter counts as one, taking a day back takes all of it back', async () => {
  const evening = [20, 21, 22, 23];
  await district.upload([
    readings('withdrawn', 5, 1),
    readings('withdrawn', 6, 2, evening),
    readings('withdrawn', 7, 1),
  ]);
  const id = await aCase(world, 'withdrawn', 'COMPLETENESS', [6, 7]);
  await mustEstimate(district, id, 'LINEAR', [6, 7]);
  await district.mustAsk(
    `mutation { withdrawEstimate(id: "${id}", date: "${date(6)}", note: "x") { change } }`,
  );
  expect(await changes('withdrawn')).toMatchObject([
    [date(6), 1, 'ESTIMATED', 4, 'district-310101'],
    [date(6), 2, 'WITHDRAWN', 0, 'district-310101'],
    [date(7), 1, 'ESTIMATED', 1, 'district-310101'],
    [date(7), 2, 'SUPERSEDED', 0, 'hub'],
  ]);
});

test('who was consented days alone sees the estimate of a day as one figure, and nothing of what lies beneath', async () => {
  await district.upload([hours('coarse', 5, 1, { 3: null })]);
  await mustEstimate(district, await aCase(world, 'coarse', 'COMPLETENESS', [5]), 'LINEAR', [5, 5]);
  const consent = aConsent({ categories: ['meters', 'readings'], finest: 'DAY' } as object);
  await recordConsents(world, world.as('enterprise-a'), consent);
  const service = world.as('service-co');
  const [seen] = await estimatesOf(service, 'coarse');
  expect(seen).toMatchObject({
    granularity: 'DAY',
    intervalMinutes: 1440,
    values: ['1'],
    replaced: [null],
    parameters: [],
    note: null,
  });
  expect(await sumOf(service, meter('coarse'), [5, 5])).toMatchObject({
    total: '34',
    estimatedTotal: '1',
    isComplete: true,
  });
  const { data } =
    await service.ask(`{ meter(id: "coarse") { intervals(date: "${date(5)}", withEstimates: true) {
    nodes { startMinute value source } } estimates(from: "${date(5)}", to: "${date(5)}") { nodes { case { id } } } } }`);
  expect(data).toMatchObject({
    meter: {
      intervals: { nodes: [{ startMinute: 0, value: '34', source: 'MEASURED' }] },
      estimates: { nodes: [{ case: null }] },
    },
  });
  const told = await world.sql(`select from ledger.entry where facts::text like '%"estimateDays"%'`);
  expect(told.length).toBeGreaterThan(0);
});
