import { dueAfter, lastQuarter, quarterOf } from '../../../../subgraphs/enterprises/progress/quarters.js';
import type { Caller } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';
import { daysWentBy, LATE, UNPLANNED, unitsOfTwoDistricts, UPLOADING } from './units.js';

let world: World;
let district: Caller;
let city: Caller;
const LAST = lastQuarter(new Date());
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  city = world.as('municipal').for('SUPERVISION');
  await unitsOfTwoDistricts(world);
  await daysWentBy(world, ['a-power', 'a-gas', 'b-power']);
}, 120_000);
afterAll(() => world.close());

const NOW = quarterOf(null, new Date()).name;
const due = async (asked = '', who = city): Promise<object[]> =>
  (
    await who.mustAsk<{ accessReportsDue: { nodes: object[] } }>(
      `{ accessReportsDue${asked} { nodes { area quarter dueOn isOverdue units } } }`,
    )
  ).accessReportsDue.nodes;
const submit = (who: Caller, problems: string, quarter = LAST.name, area = '310101') =>
  who.mustAsk<{ submitAccessReport: object }>(
    `mutation ($area: String!, $quarter: String!, $problems: String!) {
      submitAccessReport(area: $area, quarter: $quarter, supervision: "Four visits.", problems: $problems,
        suggestions: "无") { version isLate dueOn submittedBy figures { area unitClass toConnect } } }`,
    { area, quarter, problems },
  );
const set = (code: string, value: string, area: string) =>
  world
    .as('municipal')
    .for('PLATFORM_OPERATION')
    .mustAsk('mutation ($setting: AccessSettingInput!) { setAccessSetting(setting: $setting) { version } }', {
      setting: { area, code, value, source: 'Notice 2' },
    });

test('the districts that owe a report are named with its day, by default of the last quarter', async () => {
  const dueOn = dueAfter(LAST, 10);
  expect(await due()).toMatchObject([
    { area: '310101', quarter: LAST.name, dueOn, units: 3 },
    { area: '310104', quarter: LAST.name, dueOn, units: 1 },
  ]);
  expect(await due('(quarter: "2020Q1", area: "310104")')).toEqual([
    { area: '310104', quarter: '2020Q1', dueOn: '2020-04-10', isOverdue: true, units: 1 },
  ]);
  expect(await due('', district)).toHaveLength(1);
});

test('the day on which a report is due is the area’s to set', async () => {
  await set('REPORT_DUE_DAY', '20', '310104');
  const days = (await due('(quarter: "2025Q4")')).map((row) => (row as { dueOn: string }).dueOn);
  expect(days).toEqual(['2026-01-10', '2026-01-20']);
});

test('a report counts, lists who is connected and who is overdue, and says what was reached of each target', async () => {
  const { accessReport } = await district.mustAsk<{ accessReport: object }>(`{
    accessReport(area: "310101", quarter: "${NOW}") {
      area quarter total { toConnect connected uploading overdue } figures { unitClass toConnect }
      targets { target { area unitClass until share } toConnect uploading reached isPast isMet }
      connected { nodes { uscc enterprise { name } } } overdue { nodes { uscc } }
      versions { nodes { version } } } }`);
  expect(accessReport).toEqual({
    area: '310101',
    quarter: NOW,
    total: { toConnect: 3, connected: 2, uploading: 1, overdue: 2 },
    figures: [
      { unitClass: null, toConnect: 3 },
      { unitClass: 'QIANJIA', toConnect: 1 },
      { unitClass: 'WANJIA', toConnect: 2 },
    ],
    targets: [
      ['BAIJIA', 0, 0, '0.00', true],
      ['QIANJIA', 1, 0, '0.00', false],
      ['WANJIA', 2, 1, '50.00', false],
    ].map(([unitClass, toConnect, uploading, reached, isMet]) => ({
      target: { area: '310000', unitClass, until: '2020-11-30', share: '100' },
      ...{ toConnect, uploading, reached, isPast: true, isMet },
    })),
    connected: {
      nodes: [LATE, UPLOADING].toSorted().map((uscc) => ({ uscc, enterprise: { name: 'Works' } })),
    },
    overdue: { nodes: [LATE, UNPLANNED].toSorted().map((uscc) => ({ uscc })) },
    versions: { nodes: [] },
  });
});

test('a district’s own target counts before the city’s, and one that is taken back is none', async () => {
  const target = (share: string) =>
    world
      .as('municipal')
      .for('PLATFORM_OPERATION')
      .mustAsk('mutation ($target: AccessTargetInput!) { setAccessTarget(target: $target) { version } }', {
        target: { area: '310101', unitClass: 'WANJIA', until: '2099-12-31', share, source: 'District plan' },
      });
  const ofWanjia = async (): Promise<object[]> => {
    const { accessReport } = await district.mustAsk<{
      accessReport: { targets: { target: { unitClass: string }; isMet: boolean; isPast: boolean }[] };
    }>(`{ accessReport(area: "310101", quarter: "${NOW}") {
      targets { target { area unitClass share } isPast isMet } } }`);
    return accessReport.targets.filter((one) => one.target.unitClass === 'WANJIA');
  };
  await target('50');
  expect(await ofWanjia()).toEqual([
    { target: { area: '310101', unitClass: 'WANJIA', share: '50' }, isPast: false, isMet: true },
  ]);
  await target('50.01');
  expect(await ofWanjia()).toMatchObject([{ isMet: false }]);
  await target('0');
  expect(await ofWanjia()).toMatchObject([{ target: { area: '310000' } }]);
});

test('a number of units is wanted of the area that set it, and not of each of its districts', async () => {
  const target = (units: number) =>
    world
      .as('municipal')
      .for('PLATFORM_OPERATION')
      .mustAsk(
        'mutation ($target: AccessTargetInput!) { setAccessTarget(target: $target) { units share } }',
        {
          target: { area: '310000', unitClass: 'WANJIA', until: '2099-12-31', units, source: 'City plan' },
        },
      );
  const numbered = async (who: Caller, area: string): Promise<object[]> => {
    const { accessReport } = await who.mustAsk<{
      accessReport: { targets: { target: { units: number | null } }[] };
    }>(`{ accessReport(area: "${area}", quarter: "${NOW}") {
      targets { target { until units share } uploading isMet } } }`);
    return accessReport.targets.filter((one) => one.target.units !== null);
  };
  expect(await target(1)).toEqual({ setAccessTarget: { units: 1, share: null } });
  const reached = { uploading: 1, target: { until: '2099-12-31', units: 1, share: null } };
  expect(await numbered(city, '310000')).toEqual([{ ...reached, isMet: true }]);
  expect(await numbered(district, '310101')).toEqual([]);
  await target(2);
  expect(await numbered(city, '310000')).toMatchObject([{ isMet: false }]);
  await target(0);
  expect(await numbered(city, '310000')).toEqual([]);
});

test('versions of a report stay with their figures, late ones are marked, and it is due no more', async () => {
  const { submitAccessReport: first } = await submit(district, 'Two meters broken.', '2025Q4');
  expect(first).toMatchObject({
    version: 1,
    isLate: true,
    dueOn: '2026-01-10',
    submittedBy: 'district-310101',
    figures: [
      { area: '310101', unitClass: null, toConnect: 3 },
      { unitClass: 'QIANJIA', toConnect: 1 },
      { unitClass: 'WANJIA', toConnect: 2 },
    ],
  });
  await submit(district, 'One meter broken.', '2025Q4');
  const { accessReport } = await city.mustAsk<{ accessReport: object }>(
    '{ accessReport(area: "310101", quarter: "2025Q4") { versions { nodes { version problems } } } }',
  );
  expect(accessReport).toEqual({
    versions: {
      nodes: [
        { version: 2, problems: 'One meter broken.' },
        { version: 1, problems: 'Two meters broken.' },
      ],
    },
  });
  expect(await due('(quarter: "2025Q4")')).toMatchObject([{ area: '310104' }]);
  await expect(world.sql('delete from enterprises.access_report')).rejects.toThrow('append-only');
});

test('a unit that may not read its district’s report is not told that the report is due', async () => {
  const unit = world.as('enterprise-a');
  await submit(district, 'None.', '2025Q3');

  expect(await due('(quarter: "2025Q3")', unit)).toEqual([]);
  expect(await due('(quarter: "2020Q1")', unit)).toMatchObject([{ area: '310101', units: 1 }]);
  const { accessReport } = await unit.mustAsk<{ accessReport: object }>(
    '{ accessReport(area: "310101", quarter: "2025Q3") { versions { nodes { problems } } } }',
  );
  expect(accessReport).toEqual({ versions: { nodes: [] } });
});

test('a report that came by its day is not late', async () => {
  await set('REPORT_DUE_DAY', '1', '310101');
  await world.sql(
    `with off as (select set_config('session_replication_role', 'replica', true))
     insert into enterprises.access_report (area, quarter, version, supervision, problems, suggestions, figures, due_on,
       submitted_by, submitted_at)
     select '310101', quarter, 1, 'x', 'x', 'x', '[]', '2025-07-10', 'district-310101', at::timestamptz from off,
       (values ('2025Q2', '2025-07-10T23:59+08'), ('2025Q1', '2025-07-11T00:00+08')) as sent (quarter, at)`,
  );
  expect(
    await world.sql(
      `select quarter, is_late from enterprises.access_report where quarter < '2025Q3' order by 1`,
    ),
  ).toEqual([
    { quarter: '2025Q1', is_late: true },
    { quarter: '2025Q2', is_late: false },
  ]);
});
