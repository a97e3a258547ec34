import { builtHub, jsonOf } from '../../../scripts/built-hub.js';
import type { Caller } from '../../../world/caller.js';
import { aMeter, anEnterprise, aBuilding, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let district: Caller;
let municipal: Caller;
let national: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  municipal = world.as('municipal').for('PLATFORM_OPERATION');
  national = world.as('national');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [aMeter({ id: 'm1' }), aMeter({ id: 'm2' })],
  });
  const flat = (set: Record<number, number>): number[] =>
    Array.from({ length: 24 }, (_, hour) => set[hour] ?? 1 + (hour % 3) / 10);
  await district.upload([
    { meter: 'm1', date: '2026-03-01', interval: 60, values: flat({ 4: -0.5 }) },
    { meter: 'm1', date: '2026-03-02', interval: 60, values: flat({ 4: 7, 5: 7, 6: 7, 7: 7 }) },
    { meter: 'm2', date: '2026-03-01', interval: 60, values: flat({}) },
  ]);
}, 120_000);
afterAll(() => world.close());

const PROPOSE = `mutation ($changes: [QualityChangeInput!]!) {
  proposeQualityEdition(changes: $changes, reason: "trial") { number status basedOn proposedBy } }`;
const propose = (who: Caller, ...changes: object[]) => who.ask(PROPOSE, { changes });
const adopt = (who: Caller, number: number) =>
  who.ask(`mutation { adoptQualityEdition(number: ${number}) { number status adoptedBy } }`);
const codes = ({ errors }: { errors?: { message: string; extensions: Record<string, unknown> }[] }) =>
  errors?.map(({ message, extensions }) => [extensions['code'], message]);
const STUCK_4 = { rule: 'STUCK', name: 'count', value: '4' };
const numberOf = ({ data }: { data?: unknown }): number =>
  (data as { proposeQualityEdition: { number: number } }).proposeQualityEdition.number;

test.each([
  ['nothing', [], /at least one/],
  ['what is no parameter', [{ rule: 'STUCK', name: 'length', value: '4' }], /no such parameter/],
  ['a value out of bounds', [{ rule: 'STUCK', name: 'count', value: '2' }], /3 to 1440, was 2/],
  ['one thing twice', [STUCK_4, STUCK_4], /named twice/],
])('an edition that changes %s is no draft', async (_name, changes, message) => {
  expect(codes(await propose(municipal, ...changes))).toEqual([
    ['BAD_USER_INPUT', expect.stringMatching(message) as string],
  ]);
});

test('an enterprise proposes none, and a district adopts none', async () => {
  expect(codes(await propose(world.as('enterprise-a'), STUCK_4))).toMatchObject([
    ['ROW_OUT_OF_REACH', expect.anything()],
  ]);
  expect(codes(await adopt(district, 1))).toMatchObject([['SCOPE_MISSING', expect.anything()]]);
});

test('a draft is replayed, adopted by another than its proposer, and judges from then on', async () => {
  const draft = numberOf(await propose(municipal, STUCK_4, { rule: 'NEGATIVE', name: 'limit', value: '-1' }));
  const before = await world.sql('select * from metering.finding order by id');

  const replay = `{ replayQualityEdition(edition: ${draft}, from: "2026-03-01", to: "2026-03-02", area: "310000") {
    adopted draft meterDays rules { rule adopted draft } examples { meterId date rule isNew } } }`;
  expect(await municipal.ask(replay)).toEqual({
    data: {
      replayQualityEdition: {
        adopted: 1,
        draft,
        meterDays: 3,
        rules: [
          { rule: 'NEGATIVE', adopted: 1, draft: 0 },
          { rule: 'STUCK', adopted: 0, draft: 1 },
        ],
        examples: [
          { meterId: 'm1', date: '2026-03-01', rule: 'NEGATIVE', isNew: false },
          { meterId: 'm1', date: '2026-03-02', rule: 'STUCK', isNew: true },
        ],
      },
    },
  });
  expect(await world.sql('select * from metering.finding order by id')).toEqual(before);

  expect(codes(await adopt(municipal, draft))).toMatchObject([['FOUR_EYES', expect.anything()]]);
  expect(codes(await adopt(national, 99))).toMatchObject([['NOT_FOUND', expect.anything()]]);
  const stale = numberOf(await propose(municipal, STUCK_4));
  expect(await adopt(national, draft)).toMatchObject({
    data: { adoptQualityEdition: { number: draft, status: 'ADOPTED', adoptedBy: 'national' } },
  });
  expect(codes(await adopt(national, draft))).toMatchObject([['WRONG_STATE', expect.anything()]]);
  expect(codes(await adopt(national, stale))).toMatchObject([
    ['WRONG_STATE', expect.stringMatching(/not in force/)],
  ]);

  const values = Array.from({ length: 24 }, (_, hour) => (hour < 4 ? 9 : hour));
  await district.upload([{ meter: 'm2', date: '2026-03-02', interval: 60, values }]);
  expect(await world.sql(`select rule, edition from metering.finding where meter = 'm2'`)).toEqual([
    { rule: 'STUCK', edition: draft },
  ]);
});

const FINDINGS = `{ findings(from: "2026-03-01", to: "2026-03-01", rule: "NEGATIVE") { nodes { rule severity dimension
  edition date firstInterval lastInterval foundBy meter { id } evidence { name value } } } }`;

test('a finding says what it rests on, to those who may see the meter; its neighbours see none', async () => {
  expect(await world.as('enterprise-a').ask(FINDINGS)).toEqual({
    data: {
      findings: {
        nodes: [
          {
            rule: 'NEGATIVE', severity: 'SEVERE', dimension: 'VALIDITY', edition: 1, date: '2026-03-01',
            firstInterval: 4, lastInterval: 4, foundBy: 'INGEST', meter: { id: 'm1' },
            evidence: [
              { name: 'bound', value: '0' }, { name: 'count', value: '1' }, { name: 'value', value: '-0.5' },
            ],
          },
        ],
      },
    },
  }); // prettier-ignore
  expect(await world.as('district-310104').ask(FINDINGS)).toEqual({ data: { findings: { nodes: [] } } });
  expect(codes(await world.as('service-co').ask(FINDINGS))).toHaveLength(1);
});

test('findings are counted by rule and asked for by severity, each of those in reach alone', async () => {
  const counts = (who: Caller) =>
    who.ask('{ findingCounts(from: "2026-03-01", to: "2026-03-02") { rule severity count } }');
  const severe = (who: Caller, severity: string) =>
    who.ask(`{ findings(severity: "${severity}", from: "2026-03-01", to: "2026-03-02") { nodes { rule } } }`);

  expect((await counts(world.as('enterprise-a'))).data).toEqual({
    findingCounts: [
      { rule: 'NEGATIVE', severity: 'SEVERE', count: 1 },
      { rule: 'STUCK', severity: 'WARNING', count: 1 },
    ],
  });
  expect((await counts(world.as('district-310104'))).data).toEqual({ findingCounts: [] });
  expect(codes(await counts(world.as('service-co')))).toMatchObject([['SCOPE_MISSING', expect.anything()]]);
  expect((await severe(municipal, 'WARNING')).data).toEqual({ findings: { nodes: [{ rule: 'STUCK' }] } });
  for (const wrong of ['', 'FATAL'])
    expect(codes(await severe(municipal, wrong))).toMatchObject([
      ['BAD_USER_INPUT', expect.stringMatching(/NOTICE, WARNING, SEVERE/)],
    ]);
});

test('hub quality run judges days; the index of an area, of a meter and of no meter', async () => {
  expect((await builtHub(world, ['quality', 'run'])).status).not.toBe(0);
  const { rules } = await jsonOf<{ rules: object[] }>(world, ['quality', 'run', '--date', '2026-03-01']);
  expect(rules).toEqual([
    { rule: 'CALIBRATION', findings: 2 },
    { rule: 'NEGATIVE', findings: 1 },
  ]);

  const index = (which: string): string =>
    `{ qualityIndex(${which}, from: "2026-03-01", to: "2026-03-01") { meterDays due present completeness onlineCompleteness
      accuracy validity consistency composite isVerified } }`;
  const answer = await municipal.ask(index('area: "310101"'));
  expect(answer.data).toEqual({
    qualityIndex: {
      meterDays: 2, due: 48, present: 48, completeness: '100.00', onlineCompleteness: '100.00', accuracy: '0.00',
      validity: '97.92', consistency: null, composite: '77.32', isVerified: false,
    },
  }); // prettier-ignore
  expect((await municipal.ask(index('meterId: "m2"'))).data).toMatchObject({
    qualityIndex: { validity: '100.00' },
  });
  expect((await world.as('district-310104').ask(index('meterId: "m2"'))).data).toMatchObject({
    qualityIndex: { meterDays: 0, completeness: null, composite: null },
  });
});

test('a reported month is added to, never changed; one in the middle of a month is refused', async () => {
  const report = (month: string, value: string) =>
    district.ask(
      `mutation { reportMonths(months: [{ meterId: "m1", month: "${month}", value: "${value}" }]) { meter value reportedBy } }`,
    );
  expect(codes(await report('2026-03-02', '1'))).toMatchObject([['BAD_USER_INPUT', expect.anything()]]);
  await report('2026-03-01', '1');
  expect(await report('2026-03-01', '55.5')).toEqual({
    data: { reportMonths: [{ meter: 'm1', value: '55.5', reportedBy: 'district-310101' }] },
  });
});
