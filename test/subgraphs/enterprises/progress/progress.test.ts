import type { Caller } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';
import { aMeter, has } from '../../../world/things.js';
import {
  aPlan,
  cameAfter,
  closedDay,
  daysWentBy,
  inDays,
  LATE,
  NORTH,
  PLAN,
  UNPLANNED,
  unitsOfTwoDistricts,
  UPLOADING,
} from './units.js';

let world: World;
let district: Caller;
let city: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  city = world.as('municipal').for('SUPERVISION');
  await unitsOfTwoDistricts(world);
  await daysWentBy(world, ['a-power', 'a-gas', 'b-power', 'b-heat']);
  // Two days of one class, and only of its last week.
  await cameAfter(world, 25, ['b-heat'], [closedDay(0), closedDay(1)]);
}, 120_000);
afterAll(() => world.close());

interface Unit {
  uscc: string;
  state: string;
  [field: string]: unknown;
}
const FIELDS = `uscc area unitClass classBasis classByEnergy plannedQuarter dueOn state isOverdue gateMeters daysAsked
  daysOnTime lastOnTime isComplete energyClasses { energyClass isDeclared gateMeters daysOnTime isUploading }`;

async function units(asked = '', who = city): Promise<Unit[]> {
  const { accessUnits } = await who.mustAsk<{ accessUnits: { nodes: Unit[] } }>(
    `{ accessUnits(first: 50 ${asked}) { nodes { ${FIELDS} } } }`,
  );
  return accessUnits.nodes;
}
const unit = async (uscc: string): Promise<Unit> => (await units()).find((one) => one.uscc === uscc)!;
const set = (code: string, value: string, area = '310000') =>
  world
    .as('municipal')
    .for('PLATFORM_OPERATION')
    .mustAsk('mutation ($setting: AccessSettingInput!) { setAccessSetting(setting: $setting) { version } }', {
      setting: { area, code, value, source: 'Notice 2' },
    });

test('a unit below every threshold is none, and each is of the class that is designated or that its energy says', async () => {
  expect(
    (await units()).map(({ uscc, unitClass, classBasis, classByEnergy }) => [
      uscc,
      unitClass,
      classBasis,
      classByEnergy,
    ]),
  ).toEqual(
    [
      [LATE, 'QIANJIA', 'BY_ENERGY', 'QIANJIA'],
      [UNPLANNED, 'WANJIA', 'BY_ENERGY', 'WANJIA'],
      [NORTH, 'BAIJIA', 'DESIGNATED', null],
      [UPLOADING, 'WANJIA', 'DESIGNATED', null],
    ].toSorted(([one], [other]) => (one! < other! ? -1 : 1)),
  );
});

test('a unit is connected, not uploading daily, when one energy class was late on a day, however it is planned', async () => {
  expect(await unit(LATE)).toMatchObject({
    state: 'CONNECTED',
    dueOn: '2026-03-31',
    plannedQuarter: '2026Q1',
    isOverdue: true,
    gateMeters: 2,
    daysAsked: 7,
    daysOnTime: 5,
    lastOnTime: closedDay(2),
    // Gas is declared and nobody meters it.
    isComplete: false,
    energyClasses: [
      { energyClass: '01', isDeclared: true, gateMeters: 1, daysOnTime: 7, isUploading: true },
      { energyClass: '03', isDeclared: true, gateMeters: 0, daysOnTime: 0, isUploading: false },
      { energyClass: '04', isDeclared: false, gateMeters: 1, daysOnTime: 5, isUploading: false },
    ],
  });
});

test('a unit uploads daily when everything came in time; meters below the gate are not asked', async () => {
  expect(await unit(UPLOADING)).toMatchObject({
    state: 'UPLOADING',
    isOverdue: false,
    gateMeters: 2,
    daysOnTime: 7,
    lastOnTime: closedDay(0),
    isComplete: true,
  });
});

test('what is not measured is as planned; without a plan the target of the area counts', async () => {
  expect(await unit(NORTH)).toMatchObject({
    state: 'BUILDING',
    isOverdue: false,
    dueOn: inDays(60),
    isComplete: null,
  });
  expect(await unit(UNPLANNED)).toMatchObject({
    state: 'UNPLANNED',
    isOverdue: true,
    dueOn: '2020-11-30',
    plannedQuarter: null,
  });
});

test('each filter lists what it says, page by page', async () => {
  expect((await units(', state: CONNECTED')).map(({ uscc }) => uscc)).toEqual([LATE]);
  expect((await units(', isOverdue: true, unitClass: "WANJIA"')).map(({ uscc }) => uscc)).toEqual([
    UNPLANNED,
  ]);
  expect((await units(', isComplete: true')).map(({ uscc }) => uscc)).toEqual([UPLOADING]);
  expect((await units(', area: "310104"')).map(({ uscc }) => uscc)).toEqual([NORTH]);
  expect((await units('', district)).map(({ uscc }) => uscc)).not.toContain(NORTH);
  const seen: string[] = [];
  for (let after = ''; seen.length < 4;) {
    const { accessUnits: page } = await city.mustAsk<{
      accessUnits: { nodes: Unit[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }>(`{ accessUnits(first: 1 ${after}) { nodes { uscc } pageInfo { hasNextPage endCursor } } }`);
    seen.push(...page.nodes.map(({ uscc }) => uscc));
    expect(page.pageInfo.hasNextPage).toBe(seen.length < 4);
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  expect(new Set(seen).size).toBe(4);
});

test('districts are counted by class and ranked, and shares are rounded down', async () => {
  const { accessProgress } = await city.mustAsk<{
    accessProgress: { nodes: object[] };
  }>(`{ accessProgress(area: "310000") { nodes {
    area unitClass toConnect plannedByNow unplanned building connected uploading complete overdue connectedShare
    uploadingShare rank } } }`);
  expect(accessProgress.nodes).toMatchObject([
    {
      area: '310101', unitClass: null, toConnect: 3, plannedByNow: 2, unplanned: 1, building: 0, connected: 2, uploading: 1,
      complete: 1, overdue: 2, connectedShare: '66.66', uploadingShare: '33.33', rank: 1,
    },
    { area: '310101', unitClass: 'QIANJIA', toConnect: 1, connected: 1, uploading: 0 },
    { area: '310101', unitClass: 'WANJIA', toConnect: 2, uploading: 1, uploadingShare: '50.00' },
    { area: '310104', unitClass: null, toConnect: 1, building: 1, uploadingShare: '0.00', rank: 2 },
    { area: '310104', unitClass: 'BAIJIA', rank: 1 },
  ]); // prettier-ignore
});

test('all units are measured in one call of one statement', async () => {
  world.forget();
  await units();
  expect(world.queries.filter((sql) => sql.includes('key_unit'))).toHaveLength(1);
});

test('a day that was late stays late when it is corrected, and one in time stays in time', async () => {
  const day = { interval: 60, values: Array<number>(24).fill(2) };
  await district.upload([
    { meter: 'b-heat', date: closedDay(0), ...day },
    { meter: 'a-power', date: closedDay(0), ...day },
  ]);
  expect((await unit(LATE)).daysOnTime).toBe(5);
  expect((await unit(UPLOADING)).state).toBe('UPLOADING');
});

describe('figures are configuration', () => {
  test('how many days, of the narrowest area that says so', async () => {
    await set('UPLOAD_DAYS', '1', '310101');
    await set('UPLOAD_DAYS', '30', '310104');
    expect(await unit(LATE)).toMatchObject({ daysAsked: 1, daysOnTime: 0, state: 'CONNECTED' });
    await set('UPLOAD_DAYS', '9', '310101');
    expect((await unit(UPLOADING)).state).toBe('CONNECTED');
    await set('UPLOAD_DAYS', '7', '310101');
    expect((await unit(UPLOADING)).state).toBe('UPLOADING');
  });

  test('until when a day may come', async () => {
    await set('DAY_DEADLINE', '26', '310101');
    expect(await unit(LATE)).toMatchObject({ daysOnTime: 7, state: 'UPLOADING' });
    await set('DAY_DEADLINE', '24', '310101');
    expect((await unit(LATE)).state).toBe('CONNECTED');
  });

  test('how much of a day must', async () => {
    await world.sql(
      `with off as (select set_config('session_replication_role', 'replica', true))
       update metering.day_block set present = 22 from off where meter = 'a-gas' and date = $1`,
      [closedDay(3)],
    );
    expect((await unit(UPLOADING)).state).toBe('UPLOADING');
    await set('DAY_COMPLETENESS', '91.67');
    expect(await unit(UPLOADING)).toMatchObject({ state: 'CONNECTED', daysOnTime: 6 });
    await set('DAY_COMPLETENESS', '91.66');
    expect((await unit(UPLOADING)).state).toBe('UPLOADING');
  });

  test('a plan of today replaces one of before, which stays readable', async () => {
    const { planAccess } = await district.mustAsk<{ planAccess: object[] }>(PLAN, {
      plans: [aPlan(LATE, { plannedOn: inDays(1), energyClasses: ['04', '01', '04'] })],
    });
    expect(planAccess).toMatchObject([
      { version: 2, energyClasses: ['01', '04'], plannedBy: 'district-310101' },
    ]);
    expect(await unit(LATE)).toMatchObject({ dueOn: inDays(1), isOverdue: false });
    const { accessPlans } = await district.mustAsk<{ accessPlans: { nodes: object[] } }>(
      `{ accessPlans(enterpriseUscc: "${LATE}") { nodes { version plannedOn } } }`,
    );
    expect(accessPlans.nodes).toEqual([
      { version: 2, plannedOn: inDays(1) },
      { version: 1, plannedOn: '2026-03-31' },
    ]);
  });
});

test('a unit with a new gate meter is connected from that day on, and does not upload daily for it', async () => {
  await has(world.as('district-310104'), {
    meters: [aMeter({ id: 'n-power', enterpriseUscc: NORTH })],
  });
  expect(await unit(NORTH)).toMatchObject({ state: 'CONNECTED', gateMeters: 1, daysOnTime: 0 });
  expect((await units(', quarter: "2026Q1"')).find(({ uscc }) => uscc === NORTH)).toMatchObject({
    gateMeters: 0,
  });
});
