import type { Caller, GraphqlReply } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';
import { aPlan, inDays, LATE, NORTH, PLAN, SMALL, unitsOfTwoDistricts, UPLOADING } from './units.js';

let world: World;
let district: Caller;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  admin = world.as('municipal').for('PLATFORM_OPERATION');
  await unitsOfTwoDistricts(world);
}, 120_000);
afterAll(() => world.close());

const refused = ({ errors }: GraphqlReply): [string, string][] =>
  (errors ?? []).map(({ message, extensions }) => [extensions.code, message]);
const containing = (text: string): string => expect.stringContaining(text) as string;
const plans = (...rows: object[]) => district.ask(PLAN, { plans: rows });

describe('nobody plans', () => {
  test.each([
    [
      'an enterprise that is not registered',
      [aPlan('91310101HUB00099XX')],
      'NOT_FOUND',
      'no such enterprise',
    ],
    ['one of another district', [aPlan(NORTH)], 'NOT_FOUND', 'no such enterprise in your reach'],
    ['one that is no key unit', [aPlan(SMALL)], 'BAD_USER_INPUT', 'is no key unit'],
    ['one twice at once', [aPlan(LATE), aPlan(LATE)], 'BAD_USER_INPUT', 'is named twice'],
    ['energy that is no class', [aPlan(LATE, { energyClasses: ['gas'] })], 'BAD_USER_INPUT', 'two digits'],
    [
      'a building begun after its end',
      [aPlan(LATE, { buildingSince: inDays(900) })],
      'BAD_USER_INPUT',
      'after',
    ],
    ['without an organ that leads', [aPlan(LATE, { organ: '' })], 'BAD_USER_INPUT', 'not allowed'],
  ])('%s', async (_what, rows, code, message) => {
    const before = await world.sql('select from enterprises.access_plan');
    expect(refused(await plans(...rows))).toEqual([[code, containing(message)]]);
    expect(await world.sql('select from enterprises.access_plan')).toHaveLength(before.length);
  });

  test.each(['national', 'enterprise-a', 'scopeless'])('as %s, who may write no enterprise', async (who) => {
    const reply = await world.as(who).ask(PLAN, { plans: [aPlan(UPLOADING)] });
    expect(reply.data?.['planAccess'] ?? null).toBeNull();
    expect(refused(reply).map(([code]) => code)).toEqual(['SCOPE_MISSING']);
  });
});

const TARGET = `mutation ($target: AccessTargetInput!) { setAccessTarget(target: $target) { version addedBy } }`;
const SETTING = `mutation ($setting: AccessSettingInput!) { setAccessSetting(setting: $setting) { version value } }`;
const aTarget = (rest: object = {}) => ({
  target: {
    area: '310000',
    unitClass: 'WANJIA',
    until: '2026-12-31',
    share: '80',
    source: 'Notice 1',
    ...rest,
  },
});
const aSetting = (rest: object = {}) => ({
  setting: { area: '310000', code: 'UPLOAD_DAYS', value: '3', source: 'Notice 1', ...rest },
});

describe('configuration is refused', () => {
  test.each([
    ['by a district, which sets no scopes', 'district', TARGET, aTarget(), 'SCOPE_MISSING'],
    ['for another area', 'admin', TARGET, aTarget({ area: '320000' }), 'ROW_OUT_OF_REACH'],
    ['for no area', 'admin', TARGET, aTarget({ area: 'Shanghai' }), 'BAD_USER_INPUT'],
    ['of a class that is none', 'admin', TARGET, aTarget({ unitClass: 'YIJIA' }), 'BAD_USER_INPUT'],
    ['of more than all units', 'admin', TARGET, aTarget({ share: '101' }), 'BAD_USER_INPUT'],
    ['as a share and a number', 'admin', TARGET, aTarget({ units: 5 }), 'BAD_USER_INPUT'],
    ['as neither', 'admin', TARGET, aTarget({ share: null }), 'BAD_USER_INPUT'],
    ['of less than no unit', 'admin', TARGET, aTarget({ share: null, units: -1 }), 'BAD_USER_INPUT'],
    ['without a source', 'admin', TARGET, aTarget({ source: '' }), 'BAD_USER_INPUT'],
    ['of a figure by a district', 'district', SETTING, aSetting(), 'SCOPE_MISSING'],
    ['of a figure that is none', 'admin', SETTING, aSetting({ code: 'HOPE' }), 'BAD_USER_INPUT'],
    ['of no day at all', 'admin', SETTING, aSetting({ value: '0' }), 'BAD_USER_INPUT'],
    ['of half a day', 'admin', SETTING, aSetting({ value: '1.5' }), 'BAD_USER_INPUT'],
    [
      'of a report that February has no day for',
      'admin',
      SETTING,
      aSetting({ code: 'REPORT_DUE_DAY', value: '29' }),
      'BAD_USER_INPUT',
    ],
  ])('%s', async (_what, who, mutation, variables, code) => {
    const reply = await (who === 'admin' ? admin : district).ask(mutation, variables);
    expect(refused(reply).map(([found]) => found)).toEqual([code]);
    expect(await world.sql(`select from enterprises.progress_target where added_by <> 'hub'`)).toEqual([]);
    expect(await world.sql(`select from enterprises.progress_setting where added_by <> 'hub'`)).toEqual([]);
  });
});

const UNITS = '{ accessUnits { nodes { uscc } } }';
const SUBMIT = `mutation ($area: String!, $quarter: String!, $problems: String = "None.") {
  submitAccessReport(area: $area, quarter: $quarter, supervision: "Four visits.", problems: $problems,
    suggestions: "More visits.") { version isLate } }`;

describe('nobody is shown or reports what is not theirs', () => {
  test('a third party to whom nobody consented', async () => {
    const reply = await world.as('service-co').ask(UNITS);
    expect([reply.data?.['accessUnits'] ?? null, refused(reply)[0]?.[0]]).toEqual([null, 'CONSENT_REQUIRED']);
  });

  test.each(['2026Q5', '26Q1', 'now', '2099Q1'])('%s is no quarter that has begun', async (quarter) => {
    const reply = await district.ask(`{ accessUnits(quarter: "${quarter}") { nodes { uscc } } }`);
    expect(refused(reply)).toEqual([['BAD_USER_INPUT', containing(quarter)]]);
  });

  test.each([
    ['of another district', { area: '310104', quarter: '2026Q1' }, 'ROW_OUT_OF_REACH'],
    ['of the whole city', { area: '310000', quarter: '2026Q1' }, 'ROW_OUT_OF_REACH'],
    ['of no area', { area: 'here', quarter: '2026Q1' }, 'BAD_USER_INPUT'],
    ['without a word', { area: '310101', quarter: '2026Q1', problems: ' ' }, 'BAD_USER_INPUT'],
    [
      'too long to be read',
      { area: '310101', quarter: '2026Q1', problems: 'x'.repeat(10_001) },
      'BAD_USER_INPUT',
    ],
  ])('a report %s', async (_what, variables, code) => {
    const reply = await district.ask(SUBMIT, variables);
    expect(refused(reply).map(([found]) => found)).toEqual([code]);
    expect(await world.sql('select from enterprises.access_report')).toEqual([]);
  });

  test('a report before its quarter is over says when it ends', async () => {
    const { accessReportsDue } = await district.mustAsk<{
      accessReportsDue: { nodes: { quarter: string }[] };
    }>('{ accessReportsDue { nodes { quarter } } }');
    const last = accessReportsDue.nodes[0]!.quarter;
    const now = last.endsWith('Q4')
      ? `${Number(last.slice(0, 4)) + 1}Q1`
      : last.slice(0, 5) + String(Number(last[5]) + 1);
    expect(refused(await district.ask(SUBMIT, { area: '310101', quarter: now }))).toEqual([
      ['WRONG_STATE', containing('is not over: it ends on')],
    ]);
  });
});

test.each(['access_plan', 'progress_target', 'progress_setting'])(
  'nobody changes or takes back a row of %s',
  async (table) => {
    for (const sql of [`update enterprises.${table} set version = 9`, `delete from enterprises.${table}`]) {
      await expect(world.sql(sql)).rejects.toThrow('append-only');
    }
  },
);
