import { Readable } from 'node:stream';
import { readingDoors } from '../../../../subgraphs/metering/readings/doors.js';
import type { DayState } from '../../../../subgraphs/metering/readings/day-state.js';
import { dayState } from '../../../../subgraphs/metering/readings/day-state.js';
import { exportDay } from '../../../../subgraphs/metering/readings/export-day.js';
import type { IngestOutcome } from '../../../../subgraphs/metering/readings/ingest.js';
import type { BulkSession } from '../../../../subgraphs/runtime/bulk.js';
import type { DoorAnswer, DoorRequest } from '../../../../subgraphs/runtime/door.js';
import { ReadingsWorld, testServer } from './readings-world.js';

const DAY = '2026-03-01';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has(
    { id: 'm1' },
    { id: 'M2' },
    { id: 'a3', interval_minutes: 15 },
    { id: 'south', area: '310104' },
  );
});

const line = (meter: string, values: unknown[], date = DAY): string =>
  JSON.stringify({ meter, date, interval: 1440 / values.length, values });

async function exported(session: BulkSession = world.district, at?: string): Promise<string> {
  const { body } = await exportDay(session, DAY, at);
  return Buffer.concat(await body.toArray()).toString();
}

test.each(['2026-02-29', 'yesterday', '', `${DAY}'; drop table metering.meter`])(
  '%s is no day',
  async (date) => {
    await expect(exportDay(world.district, date, undefined)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(dayState(world.district, date, undefined)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  },
);

test.each(['now', '1:2', `1:2:3' or true`])('%s is no snapshot', async (snapshot) => {
  await expect(exportDay(world.district, DAY, snapshot)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(dayState(world.district, DAY, snapshot)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('nothing leaves without a grant for readings', async () => {
  await world.upload(line('m1', [1]));
  expect(await exported(world.session('nobody', {}))).toBe('');
  expect(await dayState(world.session('nobody', {}), DAY, undefined)).toMatchObject({
    blocks: 0,
    readings: 0,
    missing: [],
  });
});

test('a day leaves exactly as it came, in the order of meters and within reach', async () => {
  const values = [0, -0.5, 1e-6, 123456789.123456, '8999999999.999999', null, 1000, -7000000];
  const day = [...values, ...new Array<null>(16).fill(null)];
  const all = world.session('municipal', { 'readings:write': { areas: ['31'], subjects: [] } });
  await world.upload([line('m1', day), line('south', [1]), line('M2', [0.1])].join('\n'), {}, all);

  const lines = (await exported()).split('\n');

  expect(lines).toEqual([
    `{"meter":"M2","date":"${DAY}","interval":1440,"values":[0.1],"total":"0.1","version":1}`,
    `{"meter":"m1","date":"${DAY}","interval":60,"values":[0,-0.5,0.000001,123456789.123456,8999999999.999999,null,1000,-7000000,${'null,'.repeat(15)}null],"total":"9116457788.623456","version":1}`,
    '',
  ]);
});

test('numbers of every length and scale are written as they were sent', async () => {
  const days: string[] = [];
  const numbers: string[][] = [];
  for (let day = 1; day <= 9; day++) {
    const values = Array.from({ length: 96 }, (_, index) => {
      const whole = String(7 ** (index % 16) * (index + day)).slice(0, 9);
      const fraction = String(index * 9_999_991 * day)
        .padStart(6, '0')
        .slice(-(index % 7) || 99)
        .slice(0, 6)
        .replace(/0+$/, '');
      return `${index % 5 === 3 && whole !== '0' ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
    });
    numbers.push(values);
    days.push(`{"meter":"a3","date":"2026-03-0${day}","interval":15,"values":[${values.join(',')}]}`);
  }
  expect(await world.upload(days.join('\n'))).toMatchObject({ accepted: 9 });

  for (const [index, values] of numbers.entries()) {
    const { body } = await exportDay(world.district, `2026-03-0${index + 1}`, undefined);
    const text = Buffer.concat(await body.toArray()).toString();
    expect(/"values":\[(.*)\]/.exec(text)![1]!.split(',')).toEqual(values);
  }
});

test('an export as of a snapshot does not change when the day is corrected', async () => {
  await world.upload([line('m1', [1]), line('M2', [2])].join('\n'));
  const { snapshot } = await dayState(world.district, DAY, undefined);
  const before = await exported();
  await world.upload([line('m1', [1.5]), line('a3', [3])].join('\n'));
  await world.upload(line('m1', [1.75]));

  expect(await exported(world.district, snapshot)).toBe(before);
  expect((await exported()).match(/"version":\d+/g)).toEqual(['"version":1', '"version":1', '"version":3']);
});

test('a transaction that commits after the snapshot is not in it, however early it began', async () => {
  await world.upload(line('m1', [1]));
  const late = await world.pool.connect();
  await late.query('begin');
  await late.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(world.district.grant)]);
  await late.query(`update metering.day_block set total = 9, values = '{9}'`);
  const { snapshot } = await dayState(world.district, DAY, undefined);
  await late.query('commit');
  late.release();

  expect(await exported(world.district, snapshot)).toContain('"values":[1]');
  expect(await dayState(world.district, DAY, snapshot)).toMatchObject({ changedSince: true });
});

test('the state tells counts, changes and what is missing and why', async () => {
  await world.has({ id: 'retired', retired_on: '2026-02-01' }, { id: 'later', installed_on: '2026-03-02' });
  await world.upload([line('m1', [1, ...new Array<null>(23).fill(null)]), line('a3', ['x'])].join('\n'));

  const first = await dayState(world.district, DAY, undefined);
  expect(first).toEqual({
    blocks: 1,
    readings: 1,
    changedSince: true,
    snapshot: expect.stringMatching(/^\d+:\d+:/) as string,
    missing: [
      { meter: 'M2', reason: 'NOT_UPLOADED', subject: 'A', area: '310101' },
      { meter: 'a3', reason: 'QUARANTINED', subject: 'A', area: '310101' },
    ],
  });
  expect(await dayState(world.district, DAY, first.snapshot)).toMatchObject({ changedSince: false });
  await world.upload(line('m1', [2]));
  expect(await dayState(world.district, DAY, first.snapshot)).toMatchObject({ changedSince: true });
});

test('another day’s change, and one out of reach, is no change of this day', async () => {
  const { snapshot } = await dayState(world.district, DAY, undefined);
  const all = world.session('municipal', { 'readings:write': { areas: ['31'], subjects: [] } });
  await world.upload([line('m1', [1], '2026-03-02'), line('south', [1])].join('\n'), {}, all);
  expect(await dayState(world.district, DAY, snapshot)).toMatchObject({ changedSince: false });
});

test('exports that nobody reads on let go of their connections, more of them at once than there are', async () => {
  await world.has(...Array.from({ length: 800 }, (_, index) => ({ id: `many-${index}` })));
  const values = Array.from({ length: 1440 }, (_, minute) => minute / 4);
  await world.upload(
    Readable.from(Array.from({ length: 800 }, (_, index) => `${line(`many-${index}`, values)}\n`)),
  );
  const abandon = async (): Promise<void> => {
    const { body } = await exportDay(world.district, DAY, undefined);
    for await (const piece of body) {
      expect((piece as Buffer).length).toBeGreaterThan(0);
      break;
    }
  };

  await Promise.all(Array.from({ length: 12 }, abandon));

  const whole = await exported();
  expect(whole.split('\n').length - 1).toBe(800);
  expect(JSON.parse(whole.slice(0, whole.indexOf('\n')))).toMatchObject({ values });
});

const ask = (door: keyof typeof readingDoors, request: Partial<DoorRequest>): Promise<DoorAnswer> =>
  readingDoors[door]!.handle(
    { params: {}, query: {}, headers: {}, body: Readable.from([]), ...request },
    world.district,
  );

const textOf = async ({ body }: DoorAnswer): Promise<string> =>
  typeof body === 'string' ? body : Buffer.concat(await (body as Readable).toArray()).toString();

test('the inner doors take in a batch, answer its state, its day and its rejected lines', async () => {
  const body = Readable.from([`${line('m1', [1])}\nrubbish\n`]);
  const received = await ask('POST /ingest', {
    query: { batch: 'b7' },
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  expect(JSON.parse(await textOf(received)) as IngestOutcome).toMatchObject({ accepted: 1, quarantined: 1 });

  const state = JSON.parse(
    await textOf(await ask('GET /days/:date/state', { params: { date: DAY } })),
  ) as DayState;
  const day = await ask('GET /days/:date', { params: { date: DAY }, query: { at: state.snapshot } });
  expect(day.headers['hub-snapshot']).toBe(state.snapshot);
  expect(await textOf(day)).toContain('"meter":"m1"');

  const rejected = await ask('GET /quarantine/:batch', { params: { batch: 'b7' } });
  expect(await textOf(rejected)).toBe(
    '{"line":2,"part":0,"reason":"MALFORMED_LINE","detail":"the line is not JSON","content":"rubbish","encoding":"utf8"}\n',
  );
});

test('a batch without a name is refused, and every door is for other rooms under a grant only', async () => {
  await expect(ask('POST /ingest', {})).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  for (const door of Object.values(readingDoors)) {
    expect(door.audience).toBe('inner');
    expect(door.requires.length).toBeGreaterThan(0);
  }
});
