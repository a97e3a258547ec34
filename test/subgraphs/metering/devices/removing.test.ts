import { jsonOf } from '../../../scripts/built-hub.js';
import { smallCity } from '../../../world/city.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const [BEFORE, NOON, EVENING] = ['08', '12', '20'].map((hour) => `2026-03-02T${hour}:00:00+08:00`) as [
  string,
  string,
  string,
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const district = () => world.as('district-310101');

/** A register without digits, with an appliance since the first of March, at 100; read at 10 and at 11 of the second. */
async function aRegister(id: string): Promise<void> {
  await has(district(), { meters: [aMeter({ id, kind: 'REGISTER' })] });
  await install(id, '2026-03-01T00:00:00+08:00', '100');
  await upload(id, '2026-03-02', { 10: 150, 11: 160 });
}

async function install(meter: string, at: string, first: string): Promise<void> {
  await district()
    .mustAsk(`mutation { installDevice(installation: { meterId: "${meter}", installedAt: "${at}",
    device: { serialNumber: "S", firstRegister: "${first}" } }) { id } }`);
}

async function upload(
  meter: string,
  date: string,
  given: Record<number, number>,
): Promise<Record<string, unknown>> {
  const values = Array.from({ length: 24 }, (_, hour) => given[hour + 1] ?? null);
  const { body } = await district().send(
    'POST',
    '/upload/readings',
    JSON.stringify({ meter, date, interval: 60, values }),
    { 'content-type': 'application/x-ndjson', 'idempotency-key': `k${Math.random()}` },
  );
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

const remove = (meter: string, at: string, last: string | null = null, who = district()) =>
  who.ask(
    `mutation ($meter: ID!, $at: Instant!, $last: Decimal) {
      removeDevice(removal: { meterId: $meter, removedAt: $at, lastRegister: $last }) { serialNumber lastRegister } }`,
    { meter, at, last },
  );

test.each([
  ['without what its counter showed', NOON, null, 'BAD_USER_INPUT', /^lastRegister: .* is needed/],
  ['that showed less than it was read', NOON, '159', 'BAD_USER_INPUT', /showed more at 2026-03-02 11:00/],
  ['before a reading of it', BEFORE, '120', 'BAD_USER_INPUT', /the reading of 2026-03-02 10:00 does not fit/],
  ['before it was installed', '2026-02-01T00:00:00+08:00', '100', 'WRONG_STATE', /no device is in use/],
])('an appliance is not taken away %s', async (what, at, last, code, message) => {
  const id = `x-${what.replaceAll(' ', '-')}`;
  await aRegister(id);
  const { errors } = await remove(id, at, last);

  expect(errors).toMatchObject([{ message: expect.stringMatching(message) as string, extensions: { code } }]);
  expect(await world.sql('select removed_at from metering.device where meter = $1', [id])).toEqual([
    { removed_at: null },
  ]);
});

test('none is taken away twice, nor by who may not write the meter', async () => {
  await has(district(), { meters: [aMeter({ id: 'once' })] });
  expect((await remove('once', NOON)).errors).toMatchObject([{ extensions: { code: 'WRONG_STATE' } }]);
  await district()
    .mustAsk(`mutation { installDevice(installation: { meterId: "once", installedAt: "2026-03-01T00:00:00Z",
    device: { serialNumber: "S" } }) { id } }`);
  expect((await remove('once', NOON, null, world.as('district-310104'))).errors).toMatchObject([
    { message: 'once is not among the meters that you may see.' },
  ]);
  expect((await remove('once', NOON)).data).toEqual({
    removeDevice: { serialNumber: 'S', lastRegister: null },
  });
  expect((await remove('once', EVENING)).errors).toMatchObject([{ extensions: { code: 'WRONG_STATE' } }]);
});

test('nothing is read where nothing stands; the next one goes on, and what the last one still counted is in the sum', async () => {
  await aRegister('gone');
  expect((await remove('gone', NOON, '163.5')).errors).toBeUndefined();
  expect(await upload('gone', '2026-03-03', { 1: 164 })).toMatchObject({
    quarantined: 1,
    reasons: { REGISTER_CONTRADICTION: 1 },
  });

  await install('gone', EVENING, '7');
  expect(await upload('gone', '2026-03-03', { 1: 9 })).toMatchObject({ accepted: 1, quarantined: 0 });
  const { meter } = await district().mustAsk<{ meter: { consumption: { total: string } } }>(
    '{ meter(id: "gone") { consumption(from: "2026-03-01", to: "2026-03-03") { total } } }',
  );
  expect(meter.consumption.total).toBe('65.5');
});

test('a meter without an appliance has no valid certificate, and the command says until when it counted', async () => {
  await has(district(), { meters: [aMeter({ id: 'told' })] });
  await install('told', '2026-03-01T00:00:00+08:00', '0');
  const { device } = await jsonOf<{ device: { removedAt: string } }>(world, [
    ...['meter', 'remove', 'told', '--at', NOON, '--last', '5', '--as', 'district-310101'],
  ]);

  expect(Date.parse(device.removedAt)).toBe(Date.parse(NOON));
  const { meter } = await district().mustAsk<{ meter: { isCalibrated: boolean } }>(
    '{ meter(id: "told") { isCalibrated(on: "2026-03-03") } }',
  );
  expect(meter.isCalibrated).toBe(false);
});
