import { smallCity, USCC_NORTH } from '../../../world/city.js';
import type { GraphqlReply } from '../../../world/caller.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const INSTALL = `mutation ($meter: ID!, $at: Instant!, $device: DeviceInput!) {
  done: installDevice(installation: { meterId: $meter, installedAt: $at, device: $device }) { id serialNumber multiplier } }`;
const REPLACE = `mutation ($meter: ID!, $at: Instant!, $device: DeviceInput!) {
  done: replaceDevice(replacement: { meterId: $meter, replacedAt: $at, device: $device }) { id } }`;
const RECORD = `mutation ($rows: [CalibrationInput!]!) { done: recordCalibrations(calibrations: $rows) { id validUntil isComputed } }`;

const AT = '2024-01-01T00:00:00+08:00';
const district = () => world.as('district-310101');
const ask = (text: string, variables: object, as = district()): Promise<GraphqlReply> =>
  as.ask(text, variables as Record<string, unknown>);

function aDevice(rest: object = {}): object {
  return { serialNumber: 'S-1', instrument: 'ELECTRICITY_METER_S', ...rest };
}

/** A meter of its own with a device in use. */
async function standing(meter: string, device: object = aDevice()): Promise<string> {
  await has(district(), { meters: [aMeter({ id: meter })] });
  const { done } = await district().mustAsk<{ done: { id: string } }>(INSTALL, { meter, at: AT, device });
  return done.id;
}

function aCertificate(deviceId: string, rest: object = {}): object {
  return { deviceId, certificateNumber: 'JD-1', organ: 'Institute', calibratedOn: '2024-03-31', ...rest };
}

test('a second appliance at a meter in use is refused, at any time that the first stands there', async () => {
  await standing('d1');
  for (const at of [AT, '2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z']) {
    const { errors } = await ask(INSTALL, { meter: 'd1', at, device: aDevice() });
    expect(errors).toMatchObject([
      { message: 'The period overlaps another of the same.', extensions: { code: 'CONFLICT' } },
    ]);
  }
});

test('many appliances are recorded at once, all or none', async () => {
  const many = (installations: object[]): Promise<GraphqlReply> =>
    ask(
      `mutation ($all: [InstallationInput!]!) { installDevices(installations: $all) { serialNumber meter { id } } }`,
      { all: installations },
    );
  const at = (meterId: string): object => ({
    meterId,
    installedAt: AT,
    device: aDevice({ serialNumber: meterId }),
  });
  await has(district(), { meters: [aMeter({ id: 'all-1' }), aMeter({ id: 'all-2' })] });

  expect((await many([at('all-1'), at('all-1')])).errors).toMatchObject([
    { extensions: { code: 'CONFLICT' } },
  ]);
  expect((await many(Array(501).fill(at('all-1')))).errors).toMatchObject([
    { message: 'At most 500 rows at once, were 501.' },
  ]);
  expect(await world.sql(`select from metering.device where meter like 'all-%'`)).toEqual([]);
  expect((await many([at('all-1'), at('all-2')])).data).toEqual({
    installDevices: ['all-1', 'all-2'].map((id) => ({ serialNumber: id, meter: { id } })),
  });
});

test('an appliance is changed only where one stands, and after it was installed', async () => {
  await has(district(), { meters: [aMeter({ id: 'bare' })] });
  await standing('d2');
  for (const [meter, at] of [
    ['bare', AT],
    ['d2', AT],
  ]) {
    const { errors } = await ask(REPLACE, { meter, at, device: aDevice() });
    expect(errors).toMatchObject([{ extensions: { code: 'WRONG_STATE' } }]);
    expect(errors?.[0]?.message).toContain(`${meter}: no device is in use`);
  }
});

test('an appliance of a kind that is none, or at another district’s meter, is refused', async () => {
  await has(district(), { meters: [aMeter({ id: 'd3' })] });
  const kind = await ask(INSTALL, { meter: 'd3', at: AT, device: aDevice({ instrument: 'SUNDIAL' }) });
  expect(kind.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  const foreign = await ask(INSTALL, { meter: 'n-gate', at: AT, device: aDevice() });
  expect(foreign.errors).toMatchObject([
    { message: 'n-gate is not among the meters that you may see.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

// prettier-ignore
test.each([
  ['without an end, of a kind without an interval', { instrument: null }, {}, /^validUntil: dev_.* no kind of instrument/],
  ['that ends before it begins', {}, { validUntil: '2024-03-30' }, 'calibration_check'],
  ['of tomorrow’s tomorrow', {}, { calibratedOn: '2999-01-01' }, 'calibrated_in_the_future'],
  ['with a result that is none', {}, { result: 'PERFECT' }, 'calibration_result_check'],
  ['that corrects another appliance’s', {}, { corrects: 'cal_none' }, 'calibration_device_corrects_fkey'],
])('a certificate %s is refused', async (what, device, rest, message) => {
  const id = await standing(`c-${what.replaceAll(/\W/g, "-").slice(0, 60)}`, aDevice(device));
  const { errors } = await ask(RECORD, { rows: [aCertificate(id), aCertificate(id, rest)] });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors?.[0]?.message).toMatch(message);
  expect(await world.sql('select from metering.calibration where device = $1', [id])).toEqual([]);
});

interface Shown {
  meter: { isCalibrated: boolean; calibration: { certificateNumber: string; result: string } | null };
}

async function shown(meter: string, on: string): Promise<[boolean, string | null]> {
  const text = `query ($on: LocalDate) { meter(id: "${meter}") { isCalibrated(on: $on) calibration(on: $on) { certificateNumber result } } }`;
  const found = await district().mustAsk<Shown>(text, { on });
  return [found.meter.isCalibrated, found.meter.calibration?.certificateNumber ?? null];
}

test('a calibration that expired yesterday is shown, and no longer holds; the last day it did', async () => {
  const id = await standing('k1');
  expect(await shown('k1', '2024-06-01')).toEqual([false, null]);
  const { data } = await ask(RECORD, { rows: [aCertificate(id)] });
  expect(data?.['done']).toMatchObject([{ validUntil: '2030-03-30', isComputed: true }]);

  expect(await shown('k1', '2024-03-30')).toEqual([false, null]);
  expect(await shown('k1', '2024-03-31')).toEqual([true, 'JD-1']);
  expect(await shown('k1', '2030-03-30')).toEqual([true, 'JD-1']);
  expect(await shown('k1', '2030-03-31')).toEqual([false, 'JD-1']);
});

test('a failed verification ends the one before; a correction takes the place of what it corrects', async () => {
  const id = await standing('k2');
  const failed = aCertificate(id, {
    certificateNumber: 'JD-2',
    calibratedOn: '2024-05-01',
    result: 'UNQUALIFIED',
  });
  const { data } = await ask(RECORD, { rows: [aCertificate(id), failed] });
  expect(await shown('k2', '2024-04-30')).toEqual([true, 'JD-1']);
  expect(await shown('k2', '2024-05-01')).toEqual([false, 'JD-2']);

  const wrong = (data?.['done'] as { id: string }[] | undefined)?.at(-1)?.id;
  const right = { ...failed, certificateNumber: 'JD-2b', result: 'QUALIFIED', corrects: wrong };
  expect((await ask(RECORD, { rows: [right] })).errors).toBeUndefined();
  expect(await shown('k2', '2024-05-01')).toEqual([true, 'JD-2b']);
  expect((await ask(RECORD, { rows: [right] })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
});

test('the certificate of the appliance that was taken away says nothing of the one that stands there now', async () => {
  const id = await standing('k3');
  await ask(RECORD, { rows: [aCertificate(id)] });
  await ask(REPLACE, {
    meter: 'k3',
    at: '2024-06-01T10:00:00+08:00',
    device: aDevice({ serialNumber: 'S-2' }),
  });

  expect(await shown('k3', '2024-05-31')).toEqual([true, 'JD-1']);
  expect(await shown('k3', '2024-06-01')).toEqual([false, null]);
});

test('what ends soon is listed by its end, of appliances in use alone, and to who may see the meter alone', async () => {
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const ends = { e1: day(5), e2: day(40), e3: day(-3), e4: day(5) };
  for (const [meter, validUntil] of Object.entries(ends)) {
    const id = await standing(meter);
    await ask(RECORD, { rows: [aCertificate(id, { certificateNumber: meter, validUntil })] });
  }
  await ask(REPLACE, { meter: 'e4', at: '2024-06-01T00:00:00Z', device: aDevice() });

  const text =
    '{ calibrationsEnding(withinDays: 30) { nodes { certificateNumber meter { id } device { serialNumber } } } }';
  const { calibrationsEnding } = await district().mustAsk<{ calibrationsEnding: { nodes: object[] } }>(text);
  expect(calibrationsEnding.nodes).toEqual(
    ['e3', 'e1'].map((id) => ({ certificateNumber: id, meter: { id }, device: { serialNumber: 'S-1' } })),
  );
  const north = await world.as('district-310104').ask(text);
  expect(north.data).toEqual({ calibrationsEnding: { nodes: [] } });
  const bound = await ask('{ calibrationsEnding(withinDays: -1) { nodes { id } } }', {});
  expect(bound.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('appliances and certificates move with their meter', async () => {
  const id = await standing('k4');
  await ask(RECORD, { rows: [aCertificate(id)] });
  await world.sql(`update metering.meter set area = '310104', subject = $1 where id = 'k4'`, [USCC_NORTH]);
  const places = await world.sql(
    `select area, subject from metering.device where id = $1
     union all select area, subject from metering.calibration where device = $1`,
    [id],
  );
  expect(places).toEqual(Array(2).fill({ area: '310104', subject: USCC_NORTH }));
});
