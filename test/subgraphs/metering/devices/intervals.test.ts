import type { Caller } from '../../../world/caller.js';
import { smallCity } from '../../../world/city.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  admin = world.as('municipal').for('PLATFORM_OPERATION');
}, 120_000);
afterAll(() => world.close());

const SET = `mutation ($interval: VerificationIntervalInput!) {
  setVerificationInterval(interval: $interval) { id code area version months source verified setBy } }`;
const set = (who: Caller, interval: object) =>
  who.ask(SET, {
    interval: { code: 'SCALE', area: '310000', months: 24, source: 'Shanghai notice 1', ...interval },
  });

/** When a verification of the day of a scale in the district ends, and by which interval. */
async function ends(meter: string, validUntil: string | null = null): Promise<object> {
  const district = world.as('district-310101');
  await has(district, { meters: [aMeter({ id: meter })] });
  const { device } = await district.mustAsk<{
    device: { id: string };
  }>(`mutation { device: installDevice(installation: {
    meterId: "${meter}", installedAt: "2024-01-01T00:00:00Z", device: { serialNumber: "S", instrument: "SCALE" } }) { id } }`);
  const { done } = await district.mustAsk<{ done: object[] }>(
    `mutation ($rows: [CalibrationInput!]!) { done: recordCalibrations(calibrations: $rows) { validUntil computedBy } }`,
    {
      rows: [
        { deviceId: device.id, certificateNumber: 'JD', organ: 'I', calibratedOn: '2024-03-31', validUntil },
      ],
    },
  );
  return done[0]!;
}

test.each([
  ['of no months', { months: 0 }, 'BAD_USER_INPUT'],
  ['longer than fifty years', { months: 601 }, 'BAD_USER_INPUT'],
  ['for what is no area', { area: '31' }, 'BAD_USER_INPUT'],
  ['of what is no kind of instrument', { code: 'SUNDIAL' }, 'BAD_USER_INPUT'],
  ['without a source', { source: '' }, 'BAD_USER_INPUT'],
  ['outside its reach', { area: '110000' }, 'ROW_OUT_OF_REACH'],
])('an interval %s is not set', async (_name, interval, code) => {
  expect(await set(admin, interval)).toMatchObject({
    data: { setVerificationInterval: null },
    errors: [{ extensions: { code } }],
  });
});

test('who is no admin sets none', async () => {
  expect(await set(world.as('enterprise-a'), {})).toMatchObject({
    errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
  });
});

test('the nearest area’s last version counts for certificates from then on; each says by which it was computed', async () => {
  expect(await ends('s1')).toEqual({ validUntil: '2025-03-30', computedBy: 'SCALE 100000' });

  expect(await set(admin, {})).toEqual({
    data: {
      setVerificationInterval: {
        id: 'SCALE 310000.1', code: 'SCALE', area: '310000', version: 1, months: 24, source: 'Shanghai notice 1',
        verified: true, setBy: 'municipal',
      },
    },
  }); // prettier-ignore
  expect(await ends('s2')).toEqual({ validUntil: '2026-03-30', computedBy: 'SCALE 310000.1' });
  await set(admin, { area: '310101', months: 6 });
  await set(admin, { area: '310101', months: 7 });
  expect(await ends('s3')).toEqual({ validUntil: '2024-10-30', computedBy: 'SCALE 310101.2' });
  expect(await ends('s4', '2024-12-31')).toEqual({ validUntil: '2024-12-31', computedBy: null });

  const { data } = await world
    .as('district-310104')
    .ask('{ verificationIntervals(area: "310101") { nodes { code version months } } }');
  expect(data).toEqual({ verificationIntervals: { nodes: [{ code: 'SCALE', version: 2, months: 7 }] } });
});
