import { smallCity } from '../../../world/city.js';
import type { GraphqlReply } from '../../../world/caller.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const district = () => world.as('district-310101');

/** Hourly readings of a day: those given by hour, none elsewhere. */
function day(meter: string, date: string, given: Record<number, number>): string {
  const values = Array.from({ length: 24 }, (_, hour) => given[hour + 1] ?? null);
  return JSON.stringify({ meter, date, interval: 60, values });
}

async function upload(...lines: string[]): Promise<Record<string, unknown>> {
  const { body } = await district().send('POST', '/upload/readings', lines.join('\n'), {
    'content-type': 'application/x-ndjson',
    'idempotency-key': `k${Math.random()}`,
  });
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

function replace(
  meter: string,
  at: string,
  last: string | null,
  first: string | null,
): Promise<GraphqlReply> {
  return district().ask(
    `mutation ($meter: ID!, $at: Instant!, $last: Decimal, $first: Decimal) { replaceDevice(replacement: { meterId: $meter,
      replacedAt: $at, lastRegister: $last, device: { serialNumber: "new", multiplier: "10", firstRegister: $first } }) { id } }`,
    { meter, at, last, first },
  );
}

/** A register of five digits with a device since the first of March, at 100, with multiplier 2. */
async function aRegister(id: string): Promise<void> {
  await has(district(), { meters: [aMeter({ id, kind: 'REGISTER', registerDigits: 5, multiplier: '2' })] });
  const { errors } = await district().ask(
    `mutation { installDevice(installation: { meterId: "${id}", installedAt: "2026-03-01T00:00:00+08:00",
      device: { serialNumber: "old", firstRegister: "100" } }) { multiplier registerDigits } }`,
  );
  expect(errors).toBeUndefined();
}

interface Days {
  meter: {
    days: {
      nodes: {
        date: string;
        total: string;
        version: number;
        values: (string | null)[];
        registers: { values: (string | null)[]; accumulated: object[]; version: number } | null;
      }[];
    };
    consumption: { total: string };
  };
}

async function shown(meter: string): Promise<Days['meter']> {
  const period = 'from: "2026-03-01", to: "2026-03-31"';
  const answer = await district().mustAsk<Days>(
    `{ meter(id: "${meter}") { consumption(${period}) { total } days(${period}) { nodes { date total version values
      registers { values version accumulated { interval intervals } } } } } }`,
  );
  return answer.meter;
}

test('a change without the registers of a meter that is read as one is refused, and nothing is changed', async () => {
  await aRegister('r1');
  for (const [last, first, what] of [
    [null, '3', 'lastRegister'],
    ['150', null, 'device.firstRegister'],
  ] as const) {
    const { errors } = await replace('r1', '2026-03-02T10:30:00+08:00', last, first);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(what);
  }
  expect(await world.sql(`select removed_at from metering.device where meter = 'r1'`)).toEqual([
    { removed_at: null },
  ]);
});

test('a change that the readings contradict is refused, with the reading', async () => {
  await aRegister('r2');
  await upload(day('r2', '2026-03-02', { 10: 170, 11: 180 }));
  const { errors } = await replace('r2', '2026-03-02T10:30:00+08:00', '160', '3');
  expect(errors).toMatchObject([
    {
      message: 'lastRegister: r2 showed more at 2026-03-02 10:00, and 160 does not follow that.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('the series goes on over a change in the middle of a day, whichever comes first, and is exact', async () => {
  const lines = (meter: string): string[] => [
    day(meter, '2026-03-01', { 12: 110, 24: 150 }),
    day(meter, '2026-03-02', { 10: 170, 11: 4, 12: 6, 24: 8 }),
    day(meter, '2026-03-03', { 24: 9 }),
  ];
  await aRegister('r3');
  await aRegister('r4');
  const early = await upload(...lines('r3'));
  expect(early).toMatchObject({ accepted: 1, quarantined: 2, reasons: { REGISTER_CONTRADICTION: 2 } });
  for (const meter of ['r3', 'r4']) {
    const { errors } = await replace(meter, '2026-03-02T10:30:00+08:00', '180', '3');
    expect(errors).toBeUndefined();
  }
  expect(await upload(...lines('r3'))).toMatchObject({ quarantined: 0 });
  expect(await upload(...lines('r4'))).toMatchObject({ accepted: 3 });

  for (const meter of ['r3', 'r4']) {
    const { days, consumption } = await shown(meter);
    expect(days.nodes.map(({ date, total }) => [date, total])).toEqual([
      ['2026-03-01', '100'],
      ['2026-03-02', '110'],
      ['2026-03-03', '10'],
    ]);
    // (110 − 100 + 150 − 110 + 170 − 150 + 180 − 170) × 2 + (9 − 3) × 10
    expect(consumption.total).toBe('220');
    expect(days.nodes[1]?.values.slice(9, 12)).toEqual(['40', '30', '20']);
  }
});

test('a change recorded late counts anew what was stored since, and only that; the readings stay', async () => {
  await aRegister('r5');
  await upload(
    day('r5', '2026-03-01', { 24: 150 }),
    day('r5', '2026-03-02', { 24: 160 }),
    day('r5', '2026-03-03', { 24: 165 }),
  );
  expect((await shown('r5')).days.nodes.map(({ total }) => total)).toEqual(['100', '20', '10']);

  await replace('r5', '2026-03-02T12:00:00+08:00', '155', '158');

  const { days } = await shown('r5');
  expect(days.nodes.map(({ total, version }) => [total, version])).toEqual([
    ['100', 1],
    ['30', 2],
    ['50', 2],
  ]);
  expect(days.nodes.map(({ registers }) => registers?.version)).toEqual([1, 1, 1]);
  const [block] = await world.sql<{ batch: string }>(
    `select batch from metering.day_block where meter = 'r5' and date = '2026-03-03'`,
  );
  expect(block?.batch).toMatch(/^dev_/);
});

test('a day says what its counter showed, and which values stand for more than their interval', async () => {
  await aRegister('r6');
  await upload(day('r6', '2026-03-01', { 1: 101, 4: 107 }), day('r6', '2026-03-03', { 2: 110, 3: 111 }));
  const [first, second] = (await shown('r6')).days.nodes;
  expect(first?.registers?.values.slice(0, 5)).toEqual(['101', null, null, '107', null]);
  expect(first?.registers?.accumulated).toEqual([{ interval: 4, intervals: 3 }]);
  expect(second?.registers?.accumulated).toEqual([{ interval: 2, intervals: 46 }]);
  const north = await world
    .as('district-310104')
    .ask(
      '{ meterDays(from: "2026-03-01", to: "2026-03-03", meters: ["r6"]) { nodes { registers { values } } } }',
    );
  expect(north.data).toEqual({ meterDays: { nodes: [] } });
});

test('a meter of interval values has no registers', async () => {
  const { meter } = await district().mustAsk<{ meter: { days: { nodes: object[] } } }>(
    '{ meter(id: "a-gate") { days(from: "2020-01-01", to: "2029-01-01", first: 1) { nodes { registers { version } } } } }',
  );
  expect(meter.days.nodes).toEqual([{ registers: null }]);
});
